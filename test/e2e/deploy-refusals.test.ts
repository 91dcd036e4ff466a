import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { run } from './support/server.ts';
import { cloneTree } from './support/tree.ts';

const tree = cloneTree();
const original = readFileSync(tree.path('wrangler.toml'), 'utf8')
  .replace('PUBLIC_URL = "http://localhost:8787"', 'PUBLIC_URL = "https://api.example.com"')
  .replace('00000000-0000-0000-0000-000000000000', '6ee1a4ad-6f33-4a4b-8f0d-5f1e35a1a5c1');

/** Cloudflare's API as far as these tests need it: the secrets of the Worker. Everything else is refused. */
const asked: string[] = [];
let secrets: readonly string[] = [];
const cloudflare = createServer(({ method, url = '' }, response) => {
  asked.push(`${method} ${url}`);
  const known = method === 'GET' && url === '/accounts/account/workers/scripts/reseller-edge/secrets';
  const result = known ? secrets.map((name) => ({ name, type: 'secret_text' })) : null;
  const errors = known ? [] : [{ code: 10_000, message: 'refused by the test' }];
  response.writeHead(known ? 200 : 403, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ success: known, result, errors, messages: [] }));
});

beforeAll(() => new Promise<void>((ready) => cloudflare.listen(0, '127.0.0.1', ready)));
beforeEach(() => {
  asked.splice(0);
  secrets = ['SIGNING_KEYS', 'ENCRYPTION_KEYS', 'PASSWORD_PEPPER'];
});
afterAll(async () => {
  cloudflare.closeAllConnections();
  await new Promise((closed) => cloudflare.close(closed));
  tree.remove();
});

it.each(['http://localhost:8787', 'https://127.0.0.1', 'https://edge.localhost', 'nowhere'])(
  'an address that callers cannot reach is not deployed: %s',
  async (url) => {
    const config = original.replace('https://api.example.com', url);
    expect(await deploy(config)).toEqual([1, 'Set PUBLIC_URL in wrangler.toml first.\n']);
    expect(asked).toEqual([]);
  },
);

it.each(['true', 'false'])('DEVELOPMENT = "%s" in wrangler.toml is not deployed', async (value) => {
  const config = original.replace('[vars]', `[vars]\nDEVELOPMENT = "${value}"`);
  expect(await deploy(config)).toEqual([1, 'Remove DEVELOPMENT from wrangler.toml first.\n']);
  expect(asked).toEqual([]);
});

it('a Worker with a secret DEVELOPMENT is not deployed, and no migration is applied', async () => {
  secrets = [...secrets, 'DEVELOPMENT'];
  const reason = 'Delete the secret DEVELOPMENT first, by npx wrangler secret delete DEVELOPMENT.\n';
  expect(await deploy(original)).toEqual([1, reason]);
  expect(asked.filter((request) => !request.startsWith('GET /accounts/account/workers/scripts/'))).toEqual([]);
});

it('without it the migrations are the next step', async () => {
  const [status] = await deploy(original);
  expect(status).toBe(1);
  expect(asked.some((request) => request.includes('/d1/'))).toBe(true);
});

/** The exit code and what stands on stderr. */
async function deploy(config: string): Promise<[number | null, string]> {
  writeFileSync(tree.path('wrangler.toml'), config);
  const { port } = cloudflare.address() as AddressInfo;
  const deploying = run(tree, ['node_modules/.bin/node', 'scripts/deploy.ts'], {
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
    CLOUDFLARE_API_TOKEN: 'of-the-test',
    CLOUDFLARE_ACCOUNT_ID: 'account',
    WRANGLER_LOG_PATH: tree.path('logs'),
    CI: 'true',
    NO_COLOR: '1',
  });
  return [await deploying.exited, deploying.stderr()];
}
