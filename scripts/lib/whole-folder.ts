import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Complaint } from './complaint.ts';

/**
 * Makes a folder that is there as a whole or not at all: `fill` writes into a neighbour, which gets its name at the end.
 * Gives what it gives. Throws a Complaint where something is in it already.
 */
export async function makeWhole<T>(folder: string, fill: (unfinished: string) => Promise<T>): Promise<T> {
  if ((await contentsOf(folder)).length > 0) throw new Complaint(`There is something in ${folder} already.`);
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
