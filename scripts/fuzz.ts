/** `npm run fuzz -- [--cases <n>] [--seed <n>] [--only <v3, accounts, reseller or pages>]` */
import { copyAssets } from './lib/build/assets.ts';
import { main } from './lib/command-error.ts';
import { readCommandLine } from './lib/command-line.ts';
import { runTests } from './lib/tests.ts';

await main(async () => {
  const { cases, seed, only } = readArguments();
  process.env['FUZZ_CASES'] = cases;
  process.env['FUZZ_SEED'] = seed;
  await copyAssets();
  const { ok } = await runTests(['--project=workers', `test/fuzz/${only}`]);
  const part = only === '' ? '' : `${only}'s part of `;
  console.log(`${part}${cases} cases by seed ${seed}: ${ok ? 'passed' : 'failed'}`);
  if (!ok) process.exit(1);
});

function readArguments(): { readonly cases: string; readonly seed: string; readonly only: string } {
  return readCommandLine(
    'npm run fuzz -- [--cases <n>] [--seed <n>] [--only <dialect or pages>]',
    { options: { cases: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } } },
    ({ values: { cases = '100000', seed = String(Date.now() % 2 ** 31), only = '' } }) => {
      if (![cases, seed].every((text) => /^\d+$/.test(text))) throw new Error('no numbers');
      return { cases, seed, only };
    },
  );
}
