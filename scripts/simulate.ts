/** `npm run simulate -- [--seed <n>] [--seeds <count>]` */
import { copyAssets } from './lib/build/assets.ts';
import { main } from './lib/command-error.ts';
import { readCommandLine } from './lib/command-line.ts';
import { runTests } from './lib/tests.ts';

const FILES = 4;

await main(async () => {
  const { seed, seeds } = readArguments();
  await copyAssets();
  Object.assign(process.env, { SEED: seed, SEEDS: seeds });
  const files = Array.from(
    { length: Math.min(FILES, Number(seeds)) },
    (_, file) => `test/simulation/seeds-${file + 1}`,
  );
  const { passed, failed, ok } = await runTests(['--project=workers', ...files]);
  console.log(`${passed} passed, ${failed} failed`);
  if (!ok) process.exit(1);
});

function readArguments(): { readonly seed: string; readonly seeds: string } {
  return readCommandLine(
    'npm run simulate -- [--seed <n>] [--seeds <how many>]',
    { options: { seed: { type: 'string', default: '1' }, seeds: { type: 'string', default: '1' } } },
    ({ values: { seed, seeds } }) => {
      if (!/^\d+$/.test(seed) || !/^[1-9]\d*$/.test(seeds)) throw new Error('no numbers');
      return { seed, seeds };
    },
  );
}
