import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../scripts/lib/database/local-database.ts';
import { seedEveryTable, tablesOf } from '../support/seeds.ts';
import { within } from './support/local.ts';
import { run } from './support/server.ts';
import { cloneTree } from './support/tree.ts';

const tree = cloneTree();
const BYTES: Readonly<Record<string, Buffer>> = {
  one: Buffer.from('the bytes of one\r\n'),
  two: Buffer.from([0, 255, 10, 13, 0]),
};
const AWKWARD = `it's "quoted"; DROP\nnext line\t;\n-- 😀 \u0001 \\ %;\nBEGIN TRANSACTION;\nCOMMIT;\n/* $1 ?1 BEGIN TRANSACTION;`;
let account: string;

const keyOf = (id: string) => `eu/${account}/${id}`;

/** Every row of every table, and the bytes in the bucket. */
const everything = () =>
  within(tree, async ({ DB, STORAGE }) => {
    const names = [...(await tablesOf(DB)).map(({ name }) => name), 'd1_migrations', 'sqlite_sequence'];
    const rows = await Promise.all(names.map((name) => DB.prepare(`select * from ${name} order by 1, 2`).all()));
    const objects = await Promise.all(Object.keys(BYTES).map((id) => STORAGE.get(keyOf(id))));
    const bytes = await Promise.all(objects.map(async (object) => object && Buffer.from(await object.arrayBuffer())));
    return { tables: Object.fromEntries(names.map((name, index) => [name, rows[index]?.results])), bytes };
  });

async function script(name: string, ...args: string[]) {
  const ran = run(tree, ['node_modules/.bin/node', `scripts/${name}.ts`, '--local', ...args], {});
  const code = await ran.exited;
  return { code, stdout: ran.stdout(), stderr: ran.stderr() };
}

const forget = () => rmSync(tree.path('.wrangler'), { recursive: true, force: true });

beforeAll(() =>
  within(tree, async ({ DB, STORAGE }) => {
    await migrate(DB);
    await seedEveryTable(DB);
    await DB.prepare('update organizations set description = ?').bind(AWKWARD).run();
    account = (await DB.prepare('select id from storage_accounts').first<string>('id')) ?? '';
    await DB.prepare("update storage_accounts set jurisdiction = 'eu'").run();
    for (const [id, bytes] of Object.entries(BYTES)) {
      await DB.prepare(
        `insert into storage_objects (id, storage_account_id, key, state, since, size, etag, content_type)
         values (?1, ?2, ?1, 'stored', 1, ?3, ?4, 'text/plain')`,
      )
        .bind(id, account, bytes.length, createHash('md5').update(bytes).digest('hex'))
        .run();
      await STORAGE.put(keyOf(id), bytes);
    }
  }),
);

afterAll(() => tree.remove());

describe('npm run backup and restore', () => {
  it('go round: every row of every table, the counters and the bytes are as they were', async () => {
    const before = await everything();
    expect(Object.values(before.tables).every((rows) => rows !== undefined && rows.length > 0)).toBe(true);
    // An empty one is taken as it is.
    mkdirSync(tree.path('kept'));
    const made = await script('backup', '--objects', 'kept');
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(made.stdout).toContain('2 objects');
    expect(made.stdout).toContain('Keep .backup-key safe');
    expect(statSync(tree.path('.backup-key')).mode & 0o777).toBe(0o600);

    const refused = await script('restore', 'kept');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('restore takes an empty one');
    expect(await everything()).toEqual(before);

    forget();
    const restored = await script('restore', 'kept');
    expect(restored, restored.stderr).toMatchObject({ code: 0 });
    expect(await everything()).toEqual(before);
  });

  it('leave nothing of a backup that failed, whatever kept it from its end', async () => {
    await within(tree, ({ STORAGE }) => STORAGE.delete(keyOf('two')));
    const incomplete = await script('backup', '--objects', 'backups/failed');
    expect(incomplete).toMatchObject({ code: 1, stdout: '' });
    expect(incomplete.stderr).toContain(`The bucket does not have ${keyOf('two')}`);
    expect(readdirSync(tree.path('backups'))).toEqual([]);

    const inTheWay = await script('backup', 'kept');
    expect([inTheWay.code, inTheWay.stderr]).toEqual([1, `There is something in ${tree.path('kept')} already.\n`]);
    expect(readdirSync(tree.path('kept')).toSorted()).toEqual([
      'database.sql',
      'manifest.hmac',
      'manifest.json',
      'objects',
    ]);

    forget();
    const nothing = await script('backup', 'backups');
    expect(nothing).toMatchObject({ code: 1, stdout: '' });
    expect(nothing.stderr).toMatch(/^There is no database yet, .*\n$/);
    expect(readdirSync(tree.path('backups'))).toEqual([]);
    expect(readdirSync(tree.folder).filter((name) => name.startsWith('backups'))).toEqual(['backups']);
  });

  it('names what is missing, or is not what the manifest says', async () => {
    const two = tree.path('kept', 'objects', keyOf('two').replaceAll('/', '_'));
    const one = tree.path('kept', 'objects', keyOf('one').replaceAll('/', '_'));
    rmSync(two);
    writeFileSync(one, 'other bytes');
    forget();
    const restored = await script('restore', 'kept');
    expect(restored).toMatchObject({ code: 1, stdout: '' });
    expect(restored.stderr).toContain(`object ${keyOf('one')}: missing or other bytes`);
    expect(restored.stderr).toContain(`object ${keyOf('two')}: missing or other bytes`);

    const sql = readFileSync(tree.path('kept', 'database.sql'), 'utf8');
    writeFileSync(tree.path('kept', 'database.sql'), sql.replace("it''s", 'it is'));
    expect((await script('restore', 'kept')).stderr).toContain('not the file that manifest.json was made with');
    expect((await script('restore', 'nowhere')).stderr).toContain('manifest.json is missing');
  });
});

describe('a hostile backup, or an older one,', () => {
  const outside = () => tree.path('written.db');
  const attach = () => `ATTACH '${outside()}' AS other; CREATE TABLE other.planted (x);`;

  /** A folder with this SQL, whose manifest has its digest; `key` makes the MAC, where its maker has one. */
  function plant(sql: string, key: string | null, migrations: readonly string[] = []): string {
    const folder = `hostile-${randomUUID()}`;
    mkdirSync(tree.path(folder));
    writeFileSync(tree.path(folder, 'database.sql'), sql);
    const manifest = { takenAt: 'now', sha256: hash(sql), migrations, tables: {}, objects: [] };
    const text = JSON.stringify(manifest);
    writeFileSync(tree.path(folder, 'manifest.json'), text);
    if (key !== null) {
      const mac = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('hex');
      writeFileSync(tree.path(folder, 'manifest.hmac'), mac);
    }
    return folder;
  }

  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const expectNothing = async (folder: string, reason: string) => {
    const refused = await script('restore', folder);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: `${reason}\n` });
    expect(existsSync(outside())).toBe(false);
  };

  it('runs nothing where no key, or another one, made its manifest', async () => {
    forget();
    const reason = 'manifest.json is not as a backup with this key left it.';
    await expectNothing(plant(attach(), null), reason);
    await expectNothing(plant(attach(), randomBytes(32).toString('base64')), reason);
    renameSync(tree.path('.backup-key'), tree.path('elsewhere'));
    await expectNothing(plant(attach(), null), 'No key proves this backup: bring .backup-key back, or set BACKUP_KEY.');
    renameSync(tree.path('elsewhere'), tree.path('.backup-key'));
  });

  it('of an earlier version is refused', async () => {
    forget();
    const key = readFileSync(tree.path('.backup-key'), 'utf8');
    const folder = plant('CREATE TABLE t (x);\n', key, ['0001_initial.sql', '0002_older.sql']);
    await expectNothing(
      folder,
      'This backup was made by an earlier version, which alone restores it. Run npm start, or npm run deploy, to start anew.',
    );
  });

  it.each([
    ['writes to a file', attach],
    ['copies itself into a file', () => `CREATE TABLE t (x);\nVACUUM INTO '${outside()}';\n`],
    ['changes how the file is read', () => 'PRAGMA writable_schema = ON;\n'],
    ['computes what it inserts', () => 'CREATE TABLE t (x);\nINSERT INTO t SELECT sql FROM sqlite_schema;\n'],
    [
      'never ends',
      () =>
        'CREATE TABLE t (x);\nINSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;\n',
    ],
    ['takes rows away', () => 'CREATE TABLE t (x);\nDELETE FROM t;\n'],
    ['makes a view', () => 'CREATE VIEW v AS SELECT 1;\n'],
    ['is none at its end', () => `CREATE TABLE t (x);\n${attach().trim()}`],
  ])('is refused where it %s, even with the key', async (_, sql) => {
    forget();
    const key = readFileSync(tree.path('.backup-key'), 'utf8');
    await expectNothing(plant(sql(), key), 'database.sql has a statement that no backup has.');
  });
});
