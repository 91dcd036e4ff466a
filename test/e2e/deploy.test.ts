import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from './support/server.ts';
import { cloneTree } from './support/tree.ts';

const tree = cloneTree();
const outdir = tree.path('deployable');
let printed: string;
let bundle: string;
let inputs: readonly string[];

beforeAll(async () => {
  await succeeds(['node_modules/.bin/node', 'scripts/assets.ts']);
  const wrangler = ['node_modules/.bin/node', 'node_modules/wrangler/bin/wrangler.js'];
  const flags = ['--dry-run', '--outdir', outdir, '--metafile', tree.path('deployable.json')];
  printed = await succeeds([...wrangler, 'deploy', ...flags]);
  bundle = readFileSync(`${outdir}/index.js`, 'utf8');
  inputs = Object.keys(JSON.parse(readFileSync(tree.path('deployable.json'), 'utf8')).inputs);
});

afterAll(() => tree.remove());

it('is bound to the database, the queues, the mail service, the limiters, the static files and its address, and to nothing else', () => {
  const bindings = [...printed.matchAll(/^env\.(\w+)/gm)].map(([, name]) => name);
  expect(bindings.toSorted()).toEqual([
    'ASSETS',
    'DB',
    'EMAIL',
    'EMAILS',
    'EVENTS',
    'PUBLIC_URL',
    'RATE_ADDRESS',
    'RATE_ADDRESS_SITE',
    'RATE_CREDENTIAL',
    'RATE_LINK',
    'RATE_LINK_SITE',
    'RATE_SIGN_IN',
    'RATE_SIGN_IN_SITE',
    'RATE_TENANT',
    'RATE_TENANT_HEAVY',
    'RATE_TENANT_WRITES',
    'RATE_TOKEN',
    'RATE_TOKEN_SITE',
    'STORAGE',
    'TASKS',
  ]);
});

it('is made of src and of runtime dependencies only', () => {
  const packages = JSON.parse(readFileSync(tree.path('package-lock.json'), 'utf8')).packages;
  const strangers = inputs.filter((input) => {
    const name = /.*(node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
    if (name === undefined) return !relative(tree.folder, tree.path(input)).startsWith('src/');
    return packages[name] === undefined || packages[name].dev === true;
  });
  expect(inputs.length).toBeGreaterThan(50);
  expect(strangers).toEqual([]);
});

it('carries no demo data, no development key and no setting of development', () => {
  expect(bundle).not.toMatch(/Demo (Reseller|Customer|operator|back office)/);
  expect(bundle).not.toMatch(/\.dev\.vars|\.demo\.json|stringst/);
  expect(bundle).not.toMatch(/"d":\s*"[\w-]{20,}"/);
  expect(printed).not.toContain('DEVELOPMENT');
  expect(readFileSync(tree.path('wrangler.toml'), 'utf8')).not.toMatch(
    /^\s*(DEVELOPMENT|\w*KEYS|PASSWORD_PEPPER)\s*=/m,
  );
});

it('reads no certificates and makes no OpenAPI documents', () => {
  expect(inputs.filter((input) => /@peculiar|asn1js|to-json-schema|examples\.ts$/.test(input))).toEqual([]);
});

it('stays within 275 KB, gzipped and without the static files', () => {
  const modules = readdirSync(outdir).filter((file) => /\.(js|wasm)$/.test(file));
  const bytes = modules.map((file) => gzipSync(readFileSync(`${outdir}/${file}`)).byteLength);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(275_000);
});

it('comes with the reference viewer, without source maps', () => {
  const files = readdirSync(tree.path('dist', 'assets', 'docs'));
  expect(files).toContain('swagger-ui-bundle.js');
  expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
});

async function succeeds(command: readonly string[]): Promise<string> {
  const ran = run(tree, command, { WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' });
  const exitCode = await ran.exited;
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: exit code ${exitCode}\n${ran.stdout()}${ran.stderr()}`);
  return ran.stdout();
}
