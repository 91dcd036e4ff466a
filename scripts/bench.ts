/** `npm run bench -- [--only <part>] [--json <path>]` */
import { PARTS, runBench } from '../test/bench/run.ts';
import { copyAssets } from './lib/build/assets.ts';
import { main } from './lib/command-error.ts';
import { readCommandLine } from './lib/command-line.ts';

await main(async () => {
  const { only, json } = readArguments();
  await copyAssets();
  await runBench(only, json);
});

function readArguments(): { readonly only: string | undefined; readonly json: string } {
  return readCommandLine(
    `npm run bench -- [--only ${PARTS.join('|')}] [--json <path>]`,
    { options: { json: { type: 'string', default: 'dist/bench.json' }, only: { type: 'string' } } },
    ({ values: { only, json } }) => {
      if (only !== undefined && !PARTS.some((part) => part === only)) throw new Error('no part');
      return { only, json };
    },
  );
}
