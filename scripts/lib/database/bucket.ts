import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { unstable_readConfig } from 'wrangler';
import { CommandError } from '../command-error.ts';
import { runWrangler } from '../deployment/run-wrangler.ts';
import { inRoot } from '../root.ts';
import type { DumpedObject, Target } from './dump.ts';

export async function fetchObject(target: Target, { key, size, etag }: DumpedObject, file: string): Promise<boolean> {
  try {
    await runWrangler('r2', 'object', 'get', `${bucketName()}/${key}`, target, '--file', file);
  } catch (error) {
    if (error instanceof CommandError && /not.* exist|not found/i.test(error.message)) return false;
    throw error;
  }
  return hasObjectBytes(file, { size, etag });
}

export async function hasObjectBytes(
  file: string,
  { size, etag }: Pick<DumpedObject, 'size' | 'etag'>,
): Promise<boolean> {
  return (await stat(file)).size === size && (await md5Of(file)) === etag;
}

export async function putObject(target: Target, { key }: DumpedObject, file: string): Promise<void> {
  await runWrangler('r2', 'object', 'put', `${bucketName()}/${key}`, target, '--file', file);
}

function bucketName(): string {
  const { r2_buckets: buckets } = unstable_readConfig({ config: inRoot('wrangler.toml') });
  return buckets[0]?.bucket_name ?? '';
}

async function md5Of(file: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
