import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { unstable_readConfig } from 'wrangler';

const run = promisify(execFile);

type ModuleType = 'esm' | 'wasm' | 'text' | 'data';
type Module = { type: ModuleType; contents: Uint8Array<ArrayBuffer> };

/** A binding as an upload's metadata names it; only the fields that the kinds used here carry. */
export type UploadBinding = {
  name: string;
  type: string;
  id?: string;
  queue_name?: string;
  bucket_name?: string;
  text?: string;
};

/** What `wrangler deploy` would upload: modules, settings and bindings, and the file that holds them. */
export type Bundle = {
  file: string;
  mainModule: string;
  modules: Record<string, Module>;
  compatibilityDate: string;
  compatibilityFlags: string[];
  bindings: UploadBinding[];
};

const moduleTypes: Record<string, ModuleType> = {
  'application/javascript+module': 'esm',
  'application/wasm': 'wasm',
  'text/plain': 'text',
  'application/octet-stream': 'data',
};

/** Bundles the Worker that a wrangler configuration describes, into `folder`, as a deployment would. */
export async function bundle(config: string, folder: string, ...options: string[]): Promise<Bundle> {
  const file = join(await mkdtemp(join(folder, 'upload-')), 'worker.upload');
  await wrangler(['deploy', '--dry-run', '--config', config, '--outfile', file, ...options]);
  return readUpload(file);
}

/** Bundles one of the bench's own Workers with the product's compatibility date and flags. */
export async function bundleScript(script: string, folder: string): Promise<Bundle> {
  const { compatibility_date, compatibility_flags } = unstable_readConfig({ config: 'wrangler.toml' });
  const config = join(folder, `${basename(script, '.ts')}.json`);
  const main = resolve(import.meta.dirname, script);
  const settings = { name: 'bench', main, compatibility_date, compatibility_flags, minify: true };
  await writeFile(config, JSON.stringify(settings));
  return bundle(config, folder);
}

/** Size in bytes of every module that runs, source maps and assets aside. */
export function sizeOf({ modules }: Bundle): { rawBytes: number; gzipBytes: number } {
  const all = Buffer.concat(Object.values(modules).map((module) => module.contents));
  return { rawBytes: all.byteLength, gzipBytes: gzipSync(all).byteLength };
}

/** Runs wrangler's command line; its output appears only in the error when it fails. */
export async function wrangler(args: string[]): Promise<void> {
  const cli = join(import.meta.dirname, '../../../node_modules/wrangler/bin/wrangler.js');
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' };
  await run(process.execPath, [cli, ...args], { env });
}

async function readUpload(file: string): Promise<Bundle> {
  const bytes = await readFile(file);
  const boundary = bytes.subarray(2, bytes.indexOf('\n')).toString().trim();
  const form = await new Response(bytes, {
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
  }).formData();
  const metadata = JSON.parse(String(form.get('metadata')));
  const modules: Record<string, Module> = {};
  for (const [name, part] of form.entries()) {
    const type = typeof part === 'string' ? undefined : moduleTypes[part.type];
    if (typeof part === 'string' || !type) continue;
    modules[name] = { type, contents: new Uint8Array(await part.arrayBuffer()) };
  }
  return {
    file,
    mainModule: metadata.main_module,
    modules,
    compatibilityDate: metadata.compatibility_date,
    compatibilityFlags: metadata.compatibility_flags,
    bindings: metadata.bindings,
  };
}
