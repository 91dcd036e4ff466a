import { readD1Migrations } from '@cloudflare/vitest-plugin';
import { getPlatformProxy } from 'wrangler';
import { stateVersionFolder, wranglerEnvironment } from '../deployment/wrangler.ts';
import { inRoot } from '../root.ts';
import { refuseOlder } from './older.ts';

export async function withLocalDatabase<T>(work: (db: D1Database) => Promise<T>): Promise<T> {
  Object.assign(process.env, wranglerEnvironment);
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
    configPath: inRoot('wrangler.toml'),
    persist: { path: stateVersionFolder },
    remoteBindings: false,
  });
  try {
    return await work(env.DB);
  } finally {
    await dispose();
  }
}

const OLDER = 'This database was made by an earlier version. Delete .wrangler/state and run npm start again.';

/** Records migrations as `wrangler d1 migrations apply` does. Refuses an older database. */
export async function migrate(db: D1Database): Promise<void> {
  await db
    .prepare(
      `CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
        applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`,
    )
    .run();
  const { results } = await db.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  refuseOlder([...applied], OLDER);
  for (const { name, queries } of await readD1Migrations(inRoot('migrations'))) {
    if (applied.has(name)) continue;
    const record = db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name);
    await db.batch([...queries.map((query) => db.prepare(query)), record]);
  }
}
