/** `npm run simulate -- --seed <n> [--seeds <how many>]`: the simulation with faults (test/simulation), from that seed on. */
import { parseArgs } from 'node:util';
import { copyAssets } from './lib/assets.ts';
import { Complaint, main } from './lib/complaint.ts';
import { runTests } from './lib/tests.ts';

const FILES = 4;

await main(async () => {
  const options = { seed: { type: 'string', default: '1' }, seeds: { type: 'string', default: '1' } } as const;
  const { seed, seeds } = parseArgs({ options }).values;
  if (!/^\d+$/.test(seed) || !/^[1-9]\d*$/.test(seeds)) throw new Complaint('--seed and --seeds take numbers.');
  await copyAssets();
  Object.assign(process.env, { SEED: seed, SEEDS: seeds });
  const files = Array.from(
    { length: Math.min(FILES, Number(seeds)) },
    (_, file) => `test/simulation/seeds-${file + 1}`,
  );
  const { passed, failed, ok } = await runTests(['--project', 'workers', ...files]);
  console.log(`${passed} passed, ${failed} failed`);
  if (!ok) process.exit(1);
});
