import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CommandError } from './command-error.ts';

/** All or nothing: fills a temporary sibling and renames it. Throws a Complaint if the folder is not empty. */
export async function createFolder<T>(folder: string, fill: (unfinished: string) => Promise<T>): Promise<T> {
  if ((await contentsOf(folder)).length > 0) throw new CommandError(`There is something in ${folder} already.`);
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  try {
    const filled = await fill(unfinished);
    await rename(unfinished, folder);
    return filled;
  } catch (error) {
    await rm(unfinished, { recursive: true });
    throw error;
  }
}

async function contentsOf(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
