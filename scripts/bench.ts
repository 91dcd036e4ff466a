/** `npm run bench [-- --only requests|deliveries|mails|cleanup] [--json <path>]`: makes what the bundle needs, then measures (test/bench/run.ts). */
import { copyAssets } from './lib/assets.ts';

await copyAssets();
await import('../test/bench/run.ts');
