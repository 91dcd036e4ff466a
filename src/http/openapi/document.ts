import type { Env } from '../../env.ts';
import { readAsset } from '../assets.ts';
import type { Dialect } from '../routes/dialect.ts';

/** Placeholder in the built documents. */
export const NO_ADDRESS = 'https://public-url.invalid';

export async function readDocument(env: Env, { name }: Dialect): Promise<string> {
  const document = await readAsset(env, `documents/${name}.openapi.json`);
  return document.replaceAll(NO_ADDRESS, () => JSON.stringify(env.publicUrl).slice(1, -1));
}
