/**
 * `npm run restore -- [--local] <folder>`: puts a backup into an empty database and, where it has them, the bytes of objects
 * into the bucket; then reads all of it again and says what is not as it was. Nothing of the folder is run or stored before
 * its manifest has proved to be of the operator's key, and the rest to be what the manifest says.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findBackupKey, KEY_FILE } from './lib/backup-key.ts';
import { fetchObject, holdsObject, putObject } from './lib/bucket.ts';
import { readCommandLine } from './lib/command-line.ts';
import { Complaint, main } from './lib/complaint.ts';
import { digestOf, exportDatabase, type Place, readDump } from './lib/dump.ts';
import { databaseFile, type Manifest, objectFile, readManifest } from './lib/manifest.ts';
import { refuseOlder } from './lib/older.ts';
import { runWrangler } from './lib/run-wrangler.ts';

const OLDER =
  'This backup was made by an earlier version, which alone restores it. Run npm start, or npm run deploy, to start anew.';

await main(async () => {
  const { folder, place } = readArguments();
  const key = await findBackupKey();
  if (key === null) throw new Complaint(`No key proves this backup: bring ${KEY_FILE} back, or set BACKUP_KEY.`);
  const manifest = await readManifest(folder, key);
  refuseOlder(manifest.migrations, OLDER);
  const scratch = await mkdtemp(join(tmpdir(), 'reseller-edge-restore-'));
  try {
    const dump = join(scratch, 'checked.sql');
    // A copy, so that what is run is what was checked.
    await copyFile(databaseFile(folder), dump);
    if ((await digestOf(dump)) !== manifest.sha256)
      throw new Complaint('database.sql is not the file that manifest.json was made with.');
    await readDump(dump);
    const present = await tablesIn(place);
    if (present > 0) throw new Complaint(`The database has ${present} tables; restore takes an empty one.`);
    await runWrangler('d1', 'execute', 'DB', place, '--yes', '--file', await executable(place, dump, scratch));
    const wrong = [
      ...(await wrongTables(place, manifest, scratch)),
      ...(await wrongObjects(place, manifest, folder, scratch)),
    ];
    const { tables, objects } = manifest;
    if (wrong.length > 0) throw new Complaint(`Not as in the backup:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
    console.log(
      `${Object.keys(tables).length} tables and ${objects.length} objects are as they were at ${manifest.takenAt}`,
    );
  } finally {
    await rm(scratch, { recursive: true });
  }
});

function readArguments(): { readonly folder: string; readonly place: Place } {
  return readCommandLine(
    'npm run restore -- [--local] <folder>',
    { options: { local: { type: 'boolean', default: false } }, allowPositionals: true },
    ({ values: { local }, positionals: [folder] }) => {
      if (folder === undefined) throw new Error('no folder');
      return { folder: resolve(folder), place: local ? '--local' : '--remote' };
    },
  );
}

async function tablesIn(place: Place): Promise<number> {
  const sql =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'";
  const [answer] = JSON.parse(await runWrangler('d1', 'execute', 'DB', place, '--json', '--command', sql)) as [
    { results: unknown[] },
  ];
  return answer.results.length;
}

/**
 * The file that wrangler is given. For a local database it takes the beginning of a transaction out, also of a text that
 * says so: such a text is written as two that are joined.
 */
async function executable(place: Place, dump: string, scratch: string): Promise<string> {
  if (place === '--remote') return dump;
  const file = join(scratch, 'executable.sql');
  await writeFile(file, (await readFile(dump, 'utf8')).replaceAll('BEGIN TRANSACTION', "BEGIN'||' TRANSACTION"));
  return file;
}

async function wrongTables(place: Place, { tables }: Manifest, scratch: string): Promise<string[]> {
  const file = databaseFile(scratch);
  await exportDatabase(place, file);
  const now = (await readDump(file)).tables;
  return Object.entries(tables).flatMap(([name, then]) =>
    now[name]?.sha256 === then.sha256
      ? []
      : [`table ${name}: ${now[name]?.rows ?? 'no'} rows, not the ${then.rows} that it had`],
  );
}

/** Puts in place what the backup has, and checks every object: its bytes may have been brought by other means. */
async function wrongObjects(place: Place, { objects }: Manifest, folder: string, scratch: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const object of objects) {
    const kept = objectFile(folder, object.key);
    if (existsSync(kept) && (await holdsObject(kept, object))) await putObject(place, object, kept);
    if (!(await fetchObject(place, object, join(scratch, 'object'))))
      wrong.push(`object ${object.key}: missing or other bytes`);
  }
  return wrong;
}
