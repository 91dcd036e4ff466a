/** The database part of `npm start`. A separate process, as wrangler handles signals itself. */
import { main } from './lib/command-error.ts';
import { seedDemo } from './lib/demo.ts';
import { readDemoFile } from './lib/demo-file.ts';
import { migrate, withLocalDatabase } from './lib/local-database.ts';

await main(async () => {
  const saved = await readDemoFile();
  const demo = await withLocalDatabase(async (db) => {
    await migrate(db);
    return seedDemo(db, saved);
  });
  process.send?.(demo);
});
