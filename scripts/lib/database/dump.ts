import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { CommandError } from '../command-error.ts';
import { runWrangler } from '../deployment/run-wrangler.ts';
import { NO_DATABASE } from './d1.ts';

/** `sha256` is independent of the rows' order. */
type Table = { readonly rows: number; readonly sha256: string };
/** `etag` is the MD5. */
export type DumpedObject = {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly contentType: string;
};

export type Dump = {
  readonly migrations: readonly string[];
  readonly tables: Readonly<Record<string, Table>>;
  readonly objects: readonly DumpedObject[];
};

export type Target = '--local' | '--remote';

export async function exportDatabase(target: Target, file: string): Promise<void> {
  await runWrangler('d1', 'export', 'DB', target, '--skip-confirmation', '--output', file);
}

export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

/** Throws a Complaint for dangling references or unexpected statements. */
export async function readDump(file: string): Promise<Dump> {
  using db = new DatabaseSync('', { enableForeignKeyConstraints: false });
  await load(db, file);
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'd1_migrations'").get() === undefined)
    throw new CommandError(NO_DATABASE);
  const danglingRows = db.prepare('PRAGMA foreign_key_check').all();
  if (danglingRows.length > 0)
    throw new CommandError(`The database has rows that refer to none: ${JSON.stringify(danglingRows[0])}`);
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return {
    migrations: column(db, 'SELECT name FROM d1_migrations ORDER BY id'),
    tables: Object.fromEntries(names.map(({ name }) => [String(name), tableOf(db, String(name))])),
    objects: db.prepare(OBJECTS).all().map(objectOf),
  };
}

/** Streams: the file may exceed a string's maximum length. */
async function load(db: DatabaseSync, file: string): Promise<void> {
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  db.setAuthorizer((action, first) => (isDumpAction(action, first) ? constants.SQLITE_OK : constants.SQLITE_DENY));
  try {
    let rest = '';
    for await (const chunk of createReadStream(file, 'utf8')) rest = runComplete(db, rest + chunk);
    db.exec(rest);
  } catch (error) {
    if (error instanceof Error && /not authorized|authorization denied|prohibited/.test(error.message))
      throw new CommandError('database.sql has a statement that no backup has.');
    throw error;
  }
  db.setAuthorizer(null);
}

const {
  SQLITE_CREATE_INDEX,
  SQLITE_CREATE_TABLE,
  SQLITE_CREATE_TRIGGER,
  SQLITE_DELETE,
  SQLITE_FUNCTION,
  SQLITE_INSERT,
  SQLITE_PRAGMA,
  SQLITE_READ,
  SQLITE_REINDEX,
  SQLITE_UPDATE,
} = constants;
/** Above all no `ATTACH`, which writes files. */
const DUMP_ACTIONS = new Set([
  SQLITE_CREATE_INDEX,
  SQLITE_CREATE_TABLE,
  SQLITE_CREATE_TRIGGER,
  SQLITE_FUNCTION,
  SQLITE_INSERT,
  SQLITE_READ,
  SQLITE_REINDEX,
]);

/** sqlite.org/c3ref/c_alter_table.html */
function isDumpAction(action: number, first: string | null): boolean {
  if (action === SQLITE_PRAGMA) return first === 'defer_foreign_keys';
  if (action === SQLITE_DELETE) return first === 'sqlite_sequence';
  // SQLite inserts new tables and indexes as rows.
  if (action === SQLITE_UPDATE) return first === 'sqlite_master';
  return DUMP_ACTIONS.has(action);
}

function runComplete(db: DatabaseSync, sql: string): string {
  let start = 0;
  for (let end = sql.indexOf(';\n'); end >= 0; end = sql.indexOf(';\n', end + 1))
    if (hasRun(db, sql.slice(start, end + 1))) start = end + 1;
  return sql.slice(start);
}

/** Only SQLite knows whether a semicolon ends a statement. */
function hasRun(db: DatabaseSync, sql: string): boolean {
  try {
    db.exec(sql);
    return true;
  } catch (error) {
    if (error instanceof Error && /incomplete input|unrecognized token/.test(error.message)) return false;
    throw error;
  }
}

const OBJECTS = `SELECT jurisdiction || '/' || account.id || '/' || object.id AS key, size, etag, content_type
  FROM storage_objects AS object JOIN storage_accounts AS account ON account.id = storage_account_id
  WHERE state = 'stored' ORDER BY key`;

const objectOf = ({ key, size, etag, content_type }: Record<string, SQLOutputValue>): DumpedObject => ({
  key: String(key),
  size: Number(size),
  etag: String(etag),
  contentType: String(content_type),
});

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function column(db: DatabaseSync, sql: string): string[] {
  return db
    .prepare(sql)
    .all()
    .map(({ name }) => String(name));
}

function tableOf(db: DatabaseSync, name: string): Table {
  const columns = db
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(name)
    .map((column) => quoted(String(column['name'])));
  const hash = createHash('sha256');
  let rows = 0;
  for (const row of db.prepare(`SELECT ${columns} FROM ${quoted(name)} ORDER BY ${columns}`).iterate()) {
    hash.update(`${JSON.stringify(Object.values(row))}\n`);
    rows += 1;
  }
  return { rows, sha256: hash.digest('hex') };
}
