import { copyAssets } from './lib/assets.ts';
import { main } from './lib/complaint.ts';

await main(copyAssets);
