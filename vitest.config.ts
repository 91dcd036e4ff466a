import { execFileSync } from 'node:child_process';
import { defineConfig } from 'vitest/config';
import { testSettings } from './test/support/settings.ts';

// Miniflare reads this when it is imported, so that the Worker trusts the tests' mail server. Nobody else shall: npm,
// which the tests in Node run, may need the certificates that were there before.
const trusted = process.env['NODE_EXTRA_CA_CERTS'];
process.env['NODE_EXTRA_CA_CERTS'] = './test/support/smtp/localhost.crt';
const { cloudflareTest, readD1Migrations } = await import('@cloudflare/vitest-plugin');
const { unstable_readConfig } = await import('wrangler');
if (trusted === undefined) delete process.env['NODE_EXTRA_CA_CERTS'];
else process.env['NODE_EXTRA_CA_CERTS'] = trusted;

let assetsBuilt = false;
/** Once, not for each test file. */
function buildAssets(): void {
  if (!assetsBuilt) execFileSync(process.execPath, ['scripts/assets.ts']);
  assetsBuilt = true;
}

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [
          cloudflareTest(async () => {
            buildAssets();
            return {
              wrangler: { configPath: './wrangler.toml' },
              miniflare: {
                ratelimits: { RATE_NARROW: { namespace_id: '1', simple: { limit: 3, period: 10 } } },
                bindings: {
                  ...(await testSettings()),
                  MIGRATIONS: await readD1Migrations('./migrations'),
                  CONFIG: JSON.parse(JSON.stringify(unstable_readConfig({ config: './wrangler.toml' }))),
                },
              },
            };
          }),
        ],
        test: {
          name: 'workers',
          maxWorkers: 2,
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/house/**', 'test/bench/**'],
          globalSetup: [
            './test/support/outside/outside.ts',
            './test/support/outside/mailboxes.ts',
            './test/support/oidc/providers.ts',
          ],
          setupFiles: ['./test/support/setup.ts'],
          testTimeout: 30_000,
          // `npm run simulate` and `npm run fuzz` say which.
          provide: {
            seeds: { first: Number(process.env['SEED'] ?? 1), count: Number(process.env['SEEDS'] ?? 100) },
            fuzz: {
              cases: Number(process.env['FUZZ_CASES'] ?? 20_000),
              seed: Number(process.env['FUZZ_SEED'] ?? 20_261_122),
            },
          },
        },
      },
      {
        test: {
          name: 'node',
          // Servers and browsers, which need the machine for themselves.
          sequence: { groupOrder: 1 },
          include: ['test/house/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
