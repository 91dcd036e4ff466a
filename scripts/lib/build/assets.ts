import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot } from '../root.ts';
import { documents } from './documents.ts';

const viewerFiles = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'swagger-ui-standalone-preset.js',
  'LICENSE',
  'NOTICE',
];

export async function copyAssets(): Promise<void> {
  const viewer = inRoot('node_modules', 'swagger-ui-dist');
  const pages = inRoot('src', 'pages', 'static');
  await fill('docs', [
    { from: viewer, files: viewerFiles },
    { from: pages, files: await filesIn(pages) },
  ]);
  const pageFolders = ['activate', 'activate/texts', 'sign-in'].map((folder) => join(pages, folder));
  await fill('pages', await Promise.all(pageFolders.map(async (from) => ({ from, files: await filesIn(from) }))));
  await write('documents', await documents());
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const target = inRoot('dist', 'assets', folder);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(target, file), text);
}

type Source = { readonly from: string; readonly files: readonly string[] };

async function fill(folder: string, sources: readonly Source[]): Promise<void> {
  const target = inRoot('dist', 'assets', folder);
  await mkdir(target, { recursive: true });
  const names = sources.flatMap(({ files }) => files);
  const duplicate = names.find((file, index) => names.indexOf(file) !== index);
  if (duplicate !== undefined) throw new Error(`two files for ${folder} have the name ${duplicate}`);
  for (const { from, files } of sources) await copyAll(from, files, target);
  const stale = (await readdir(target)).filter((file) => !names.includes(file));
  await Promise.all(stale.map((file) => rm(join(target, file))));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Drops source maps and the comments that name them. */
async function copyAll(from: string, files: readonly string[], to: string): Promise<void> {
  for (const file of files) {
    const text = await readFile(join(from, file), 'utf8');
    await writeFile(join(to, file), text.replace(/\n(?:\/\/|\/\*)# sourceMappingURL=.*\s*$/, '\n'));
  }
}
