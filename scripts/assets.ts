import { copyAssets } from './lib/assets.ts';
import { main } from './lib/command-error.ts';

await main(copyAssets);
