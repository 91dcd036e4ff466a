import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { Complaint } from './complaint.ts';
import type { Dump } from './dump.ts';

const Manifest = v.object({
  takenAt: v.string(),
  /** Digest of `database.sql`. */
  sha256: v.string(),
  /** Those that were applied: the version of the database. */
  migrations: v.array(v.string()),
  tables: v.record(v.string(), v.object({ rows: v.number(), sha256: v.string() })),
  /** What the bucket has to hold beside the database. */
  objects: v.array(v.object({ key: v.string(), size: v.number(), etag: v.string(), contentType: v.string() })),
});
export type Manifest = v.InferOutput<typeof Manifest>;

export const databaseFile = (folder: string) => join(folder, 'database.sql');
/** Where the bytes of an object are kept, if they are. */
export const objectFile = (folder: string, key: string) => join(folder, 'objects', key.replaceAll('/', '_'));
const manifestFile = (folder: string) => join(folder, 'manifest.json');

export async function writeManifest(folder: string, manifest: { readonly takenAt: string } & Dump): Promise<void> {
  await writeFile(manifestFile(folder), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Throws a Complaint where the folder holds no backup. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(manifestFile(folder), 'utf8').catch(() => {
    throw new Complaint(`There is no backup in ${folder}: manifest.json is missing.`);
  });
  return v.parse(Manifest, JSON.parse(text));
}
