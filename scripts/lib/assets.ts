import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot } from './root.ts';

/** Swagger UI's files as the reference page names them, and the licences under which they may be handed on. */
const viewerFiles = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'swagger-ui-standalone-preset.js',
  'LICENSE',
  'NOTICE',
];

/** Fills dist/assets with the static files that the Worker hands out: the viewer from its package, and our own. */
export async function copyAssets(): Promise<void> {
  const target = inRoot('dist', 'assets', 'docs');
  await mkdir(target, { recursive: true });
  const copied = [
    ...(await copyAll(inRoot('node_modules', 'swagger-ui-dist'), viewerFiles, target)),
    ...(await copyAll(inRoot('src', 'pages', 'static'), await readdir(inRoot('src', 'pages', 'static')), target)),
  ];
  const stale = (await readdir(target)).filter((file) => !copied.includes(file));
  await Promise.all(stale.map((file) => rm(join(target, file))));
}

/** Source maps stay behind, and with them the comments that point to them. */
async function copyAll(from: string, files: readonly string[], to: string): Promise<readonly string[]> {
  for (const file of files) {
    const text = await readFile(join(from, file), 'utf8');
    await writeFile(join(to, file), text.replace(/\n(?:\/\/|\/\*)# sourceMappingURL=.*\s*$/, '\n'));
  }
  return files;
}
