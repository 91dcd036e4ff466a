import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.d)\.ts$/.test(file));
const sources = new Map(files.map((file) => [file, readFileSync(join('src', file), 'utf8')]));

/** What each folder may import beside itself; files at the top wire everything together. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  db: ['model'],
  domain: ['db', 'model'],
  auth: ['model', 'env.ts'],
  html: ['model'],
  http: ['auth', 'domain', 'db', 'model', 'env.ts'],
  emails: ['html', 'model'],
  oauth: ['http', 'auth', 'domain', 'db', 'model'],
  pages: ['oauth', 'http', 'auth', 'domain', 'emails', 'html', 'model'],
  dialects: ['http', 'domain', 'model'],
  delivery: ['dialects', 'domain', 'auth', 'emails', 'db', 'model', 'env.ts'],
  jobs: ['delivery', 'domain', 'auth', 'db', 'model'],
};

function importsOf(source: string): string[] {
  return [...source.matchAll(/^(?:import|export)[^;]*? from '([^']+)'/gms)].map(([, target]) => target!);
}

const edges = [...sources].flatMap(([file, source]) =>
  importsOf(source).map((target) => ({
    file,
    target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
  })),
);
const top = (path: string) => path.split('/')[0]!;

test('imports point one way', () => {
  const wrong = edges.filter(({ file, target }) => {
    const [from, to] = [top(file), top(target)];
    if (!sources.has(target) || !file.includes('/') || from === to) return false;
    return !MAY_IMPORT[from]!.includes(to);
  });
  expect(wrong).toEqual([]);
  expect(edges.length).toBeGreaterThan(150);
});

test('no file imports itself by way of others, not even types', () => {
  const inCircles = new Map([...sources.keys()].map((file) => [file, new Set<string>()]));
  for (const { file, target } of edges) if (sources.has(target)) inCircles.get(file)?.add(target);
  // Whatever imports nothing that is left is in no circle.
  for (let before = 0; before !== inCircles.size; ) {
    before = inCircles.size;
    for (const [file, targets] of inCircles) {
      if (![...targets].some((target) => inCircles.has(target))) inCircles.delete(file);
    }
  }
  expect([...inCircles.keys()]).toEqual([]);
});

test('dialects never import each other', () => {
  const dialectOf = (path: string) => /^dialects\/(\w+)\//.exec(path)?.[1];
  const wrong = edges.filter(({ file, target }) => {
    const [from, to] = [dialectOf(file), dialectOf(target)];
    return from !== undefined && to !== undefined && from !== to;
  });
  expect(wrong).toEqual([]);
});

test.each([
  ['drizzle-orm', /^db\//],
  ['itty-router', /^(http\/routes\/mount|routes)\.ts$/],
  ['jose', /^(auth|oauth)\//],
  ['otpauth', /^auth\/secrets\/totp\.ts$/],
  ['uqr', /^pages\/qr\.ts$/],
  ['oauth4webapi', /^auth\/oidc\//],
  ['ipaddr.js', /^domain\/webhooks\/public-address\.ts$/],
  ['worker-mailer', /^emails\/transports\//],
  ['iso-3166', /^domain\/resellers\/country\.ts$/],
  ['rfc6902', /^http\/json-patch\.ts$/],
  ['@simplewebauthn/server', /^auth\/passkeys\//],
  ['@levischuck/tiny-cbor', /^auth\/passkeys\/attestation\.ts$/],
])('%s is imported where it belongs only', (name, place) => {
  const importers = edges
    .filter(({ target }) => target === name || target.startsWith(`${name}/`))
    .map(({ file }) => file);
  expect(importers.length).toBeGreaterThan(0);
  expect(importers.filter((file) => !place.test(file))).toEqual([]);
});

test('the domain knows no request, no SQL and no clock of its own', () => {
  const wrong = [...sources].filter(
    ([file, source]) =>
      file.startsWith('domain/') &&
      /\b(Request|Response|Headers|Date|sql|crypto|Math\.random)\b(?!')/.test(
        source.replace(/^.*\/?\*.*$| from '.*'/gm, ''),
      ),
  );
  expect(wrong.map(([file]) => file)).toEqual([]);
});

test('a file holds one idea: none over 250 lines, the median under 60', () => {
  const lengths = [...sources.values()].map((source) => source.split('\n').length - 1).sort((a, b) => a - b);
  expect(lengths.at(-1)).toBeLessThanOrEqual(250);
  expect(lengths[lengths.length >> 1]).toBeLessThan(60);
});

test('only db/commit says changes()', () => {
  const saying = [...sources].filter(([, source]) => /\bchanges\s*\(\s*\)/i.test(source)).map(([file]) => file);
  expect(saying).toEqual(['db/commit/chain.ts']);
});

test('nobody reads a row by a number: what a select gives stands in its declaration', () => {
  const inDb = [...sources].filter(([file]) => file.startsWith('db/'));
  const saying = (pattern: RegExp) => inDb.filter(([, source]) => pattern.test(source)).map(([file]) => file);
  expect(saying(/(?<!sql|Promise)\.(raw|all|first)\b(<.*>)?\(/)).toEqual(['db/sql/selection.ts']);
  expect(saying(/[\w)\]]\??\.?\[\d+\]|\.at\([0-9]/)).toEqual([]);
  expect(saying(/\bD1Result<|\bbatch<|RawRow/)).toEqual(['db/sql/selection.ts']);
});
