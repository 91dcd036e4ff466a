import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { CommandError } from '../command-error.ts';
import { isMac, macOf } from './backup-key.ts';
import type { Dump } from './dump.ts';

const Manifest = v.object({
  takenAt: v.string(),
  sha256: v.string(),
  migrations: v.array(v.string()),
  tables: v.record(v.string(), v.object({ rows: v.number(), sha256: v.string() })),
  objects: v.array(v.object({ key: v.string(), size: v.number(), etag: v.string(), contentType: v.string() })),
});
export type Manifest = v.InferOutput<typeof Manifest>;

export const databaseFile = (folder: string) => join(folder, 'database.sql');
export const objectFile = (folder: string, key: string) => join(folder, 'objects', key.replaceAll('/', '_'));
const manifestFile = (folder: string) => join(folder, 'manifest.json');
const macFile = (folder: string) => join(folder, 'manifest.hmac');

export async function writeManifest(
  folder: string,
  manifest: Pick<Manifest, 'takenAt' | 'sha256'> & Dump,
  key: Buffer,
): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(manifestFile(folder), bytes);
  await writeFile(macFile(folder), `${macOf(key, bytes)}\n`);
}

/** Throws a Complaint unless the MAC matches. */
export async function readManifest(folder: string, key: Buffer): Promise<Manifest> {
  const bytes = await readFile(manifestFile(folder)).catch(() => {
    throw new CommandError(`There is no backup in ${folder}: manifest.json is missing.`);
  });
  const mac = await readFile(macFile(folder), 'utf8').catch(() => '');
  if (!isMac(key, bytes, mac)) throw new CommandError('manifest.json is not as a backup with this key left it.');
  return v.parse(Manifest, JSON.parse(bytes.toString()));
}
