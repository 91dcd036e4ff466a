/** The database part of `npm start`. A separate process, as wrangler handles signals itself. */
import { main } from './lib/command-error.ts';
import { migrate, withLocalDatabase } from './lib/database/local-database.ts';
import { seedDemo } from './lib/development/demo.ts';
import { readDemoFile } from './lib/development/demo-file.ts';

await main(async () => {
  const saved = await readDemoFile();
  const demo = await withLocalDatabase(async (db) => {
    await migrate(db);
    return seedDemo(db, saved);
  });
  process.send?.(demo);
});
