/**
 * `npm run fuzz -- [--cases <n>] [--seed <n>] [--only <v3, accounts, reseller or pages>]`: the requests of test/fuzz, as
 * many as wanted and from any seed.
 */
import { parseArgs } from 'node:util';
import { copyAssets } from './lib/assets.ts';
import { Complaint, main } from './lib/complaint.ts';
import { runTests } from './lib/tests.ts';

await main(async () => {
  const { cases, seed, only } = readArguments();
  process.env['FUZZ_CASES'] = cases;
  process.env['FUZZ_SEED'] = seed;
  await copyAssets();
  const { ok } = await runTests(['--project', 'workers', `test/fuzz/${only}`]);
  if (!ok) process.exit(1);
});

function readArguments(): { readonly cases: string; readonly seed: string; readonly only: string } {
  try {
    const number = { type: 'string' } as const;
    const { values } = parseArgs({ options: { cases: number, seed: number, only: number } });
    const { cases = '100000', seed = String(Date.now() % 2 ** 31), only = '' } = values;
    if (![cases, seed].every((text) => /^\d+$/.test(text))) throw new Error();
    return { cases, seed, only };
  } catch {
    throw new Complaint('Usage: npm run fuzz -- [--cases <n>] [--seed <n>] [--only <dialect or pages>]');
  }
}
