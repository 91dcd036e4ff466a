/**
 * The database's part of `npm start`: applies migrations, seeds the demo reseller and tells the parent process what it
 * made. A process of its own, because wrangler handles signals in a way of its own.
 */
import { main } from './lib/complaint.ts';
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
