import type { Env } from '../env.ts';

const read = new WeakMap<Env, Map<string, string>>();

/** A file of the build (scripts/lib/build/assets.ts) that is served through code; cached per isolate. */
export async function readAsset(env: Env, path: string): Promise<string> {
  const known = read.get(env) ?? new Map<string, string>();
  read.set(env, known);
  const text = known.get(path) ?? (await fetchAsset(env, path));
  known.set(path, text);
  return text;
}

async function fetchAsset({ assets }: Env, path: string): Promise<string> {
  const file = await assets?.fetch(`https://assets.invalid/${path}`);
  if (!file?.ok) throw new Error(`no static file ${path}: scripts/assets.ts makes it`);
  return file.text();
}
