import type { Env } from '../../env.ts';
import { readAsset } from '../assets.ts';
import type { Dialect } from '../routes/dialect.ts';

/** Stands in the documents that the build makes where a deployment has its address. */
export const NO_ADDRESS = 'https://public-url.invalid';

/** The OpenAPI document of a dialect as JSON, with the address of this deployment. */
export async function readDocument(env: Env, { name }: Dialect): Promise<string> {
  const document = await readAsset(env, `documents/${name}.openapi.json`);
  return document.replaceAll(NO_ADDRESS, () => JSON.stringify(env.publicUrl).slice(1, -1));
}
