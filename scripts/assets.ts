import { copyAssets } from './lib/build/assets.ts';
import { main } from './lib/command-error.ts';

await main(copyAssets);
