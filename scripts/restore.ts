/**
 * `npm run restore -- [--local] <folder>`: restores a backup into an empty database and bucket, then verifies it. Nothing
 * is executed before the manifest's MAC and digests are verified.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommandError, main } from './lib/command-error.ts';
import { readCommandLine } from './lib/command-line.ts';
import { findBackupKey, KEY_FILE } from './lib/database/backup-key.ts';
import { fetchObject, hasObjectBytes, putObject } from './lib/database/bucket.ts';
import { digestOf, exportDatabase, readDump, type Target } from './lib/database/dump.ts';
import { databaseFile, type Manifest, objectFile, readManifest } from './lib/database/manifest.ts';
import { refuseOlder } from './lib/database/older.ts';
import { runWrangler } from './lib/deployment/run-wrangler.ts';

const OLDER =
  'This backup was made by an earlier version, which alone restores it. Run npm start, or npm run deploy, to start anew.';

await main(async () => {
  const { folder, target } = readArguments();
  const key = await findBackupKey();
  if (key === null) throw new CommandError(`No key proves this backup: bring ${KEY_FILE} back, or set BACKUP_KEY.`);
  const manifest = await readManifest(folder, key);
  refuseOlder(manifest.migrations, OLDER);
  const scratch = await mkdtemp(join(tmpdir(), 'reseller-edge-restore-'));
  try {
    const dump = join(scratch, 'checked.sql');
    // A copy: what runs is what was checked.
    await copyFile(databaseFile(folder), dump);
    if ((await digestOf(dump)) !== manifest.sha256)
      throw new CommandError('database.sql is not the file that manifest.json was made with.');
    await readDump(dump);
    const present = await tablesIn(target);
    if (present > 0) throw new CommandError(`The database has ${present} tables; restore takes an empty one.`);
    await runWrangler('d1', 'execute', 'DB', target, '--yes', '--file', await executable(target, dump, scratch));
    const wrong = [
      ...(await wrongTables(target, manifest, scratch)),
      ...(await wrongObjects(target, manifest, folder, scratch)),
    ];
    const { tables, objects } = manifest;
    if (wrong.length > 0)
      throw new CommandError(`Not as in the backup:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
    console.log(
      `${Object.keys(tables).length} tables and ${objects.length} objects are as they were at ${manifest.takenAt}`,
    );
  } finally {
    await rm(scratch, { recursive: true });
  }
});

function readArguments(): { readonly folder: string; readonly target: Target } {
  return readCommandLine(
    'npm run restore -- [--local] <folder>',
    { options: { local: { type: 'boolean', default: false } }, allowPositionals: true },
    ({ values: { local }, positionals: [folder] }) => {
      if (folder === undefined) throw new Error('no folder');
      return { folder: resolve(folder), target: local ? '--local' : '--remote' };
    },
  );
}

async function tablesIn(target: Target): Promise<number> {
  const sql =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'";
  const [result] = JSON.parse(await runWrangler('d1', 'execute', 'DB', target, '--json', '--command', sql)) as [
    { results: unknown[] },
  ];
  return result.results.length;
}

/** Locally, wrangler strips `BEGIN TRANSACTION` even inside strings, so such strings are split. */
async function executable(target: Target, dump: string, scratch: string): Promise<string> {
  if (target === '--remote') return dump;
  const file = join(scratch, 'executable.sql');
  await writeFile(file, (await readFile(dump, 'utf8')).replaceAll('BEGIN TRANSACTION', "BEGIN'||' TRANSACTION"));
  return file;
}

async function wrongTables(target: Target, { tables }: Manifest, scratch: string): Promise<string[]> {
  const file = databaseFile(scratch);
  await exportDatabase(target, file);
  const now = (await readDump(file)).tables;
  return Object.entries(tables).flatMap(([name, expected]) =>
    now[name]?.sha256 === expected.sha256
      ? []
      : [`table ${name}: ${now[name]?.rows ?? 'no'} rows, not the ${expected.rows} that it had`],
  );
}

/** Checks every object: bytes may also have been copied by other means. */
async function wrongObjects(target: Target, { objects }: Manifest, folder: string, scratch: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const object of objects) {
    const path = objectFile(folder, object.key);
    if (existsSync(path) && (await hasObjectBytes(path, object))) await putObject(target, object, path);
    if (!(await fetchObject(target, object, join(scratch, 'object'))))
      wrong.push(`object ${object.key}: missing or other bytes`);
  }
  return wrong;
}
