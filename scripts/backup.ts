/**
 * `npm run backup -- [--local] [--objects] [folder]`: the database as SQL and a list of its objects; `--objects` copies
 * their bytes. Contains no secrets. The first backup creates the MAC key.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CommandError, main } from './lib/command-error.ts';
import { readCommandLine } from './lib/command-line.ts';
import { createFolder } from './lib/create-folder.ts';
import { findBackupKey, KEY_FILE, makeBackupKey } from './lib/database/backup-key.ts';
import { fetchObject } from './lib/database/bucket.ts';
import { digestOf, exportDatabase, readDump, type Target } from './lib/database/dump.ts';
import { databaseFile, objectFile, writeManifest } from './lib/database/manifest.ts';

await main(async () => {
  const { folder, target, objects } = readArguments();
  // Only the operator may read a backup.
  process.umask(0o077);
  const existingKey = await findBackupKey();
  const key = existingKey ?? (await makeBackupKey());
  const summary = await createFolder(folder, (unfinished) => backUp(unfinished, target, objects, key));
  console.log(`${summary} in ${folder}`);
  if (existingKey === null)
    console.log(`Keep ${KEY_FILE} safe, apart from the backups: restore takes none without it.`);
});

async function backUp(folder: string, target: Target, objects: boolean, key: Buffer): Promise<string> {
  await exportDatabase(target, databaseFile(folder));
  const dump = await readDump(databaseFile(folder));
  if (objects) await mkdir(dirname(objectFile(folder, '')), { recursive: true });
  for (const object of objects ? dump.objects : []) {
    if (!(await fetchObject(target, object, objectFile(folder, object.key))))
      throw new CommandError(`The bucket does not have ${object.key} as the database knows it.`);
  }
  const sha256 = await digestOf(databaseFile(folder));
  await writeManifest(folder, { takenAt: new Date().toISOString(), sha256, ...dump }, key);
  const rows = Object.values(dump.tables).reduce((sum, table) => sum + table.rows, 0);
  const copied = objects ? 'with their bytes' : 'without their bytes';
  return `${rows} rows of ${Object.keys(dump.tables).length} tables, ${dump.objects.length} objects (${copied})`;
}

function readArguments(): { readonly folder: string; readonly target: Target; readonly objects: boolean } {
  return readCommandLine(
    'npm run backup -- [--local] [--objects] [<folder>]',
    {
      options: { local: { type: 'boolean', default: false }, objects: { type: 'boolean', default: false } },
      allowPositionals: true,
    },
    ({ values: { local, objects }, positionals }) => {
      const [folder = `backups/${new Date().toISOString().replaceAll(':', '-')}`] = positionals;
      return { folder: resolve(folder), target: local ? '--local' : '--remote', objects };
    },
  );
}
