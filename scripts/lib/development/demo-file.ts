import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { inRoot } from '../root.ts';

const Client = v.object({ clientId: v.string(), clientSecret: v.string() });
const DemoFile = v.object({
  baseUrl: v.string(),
  operator: Client,
  reseller: v.object({ id: v.string(), ...Client.entries }),
});

export type DemoClient = v.InferOutput<typeof Client>;
export type DemoFile = v.InferOutput<typeof DemoFile>;

const path = inRoot('.demo.json');

/** Null: missing or invalid. */
export async function readDemoFile(): Promise<DemoFile | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), DemoFile), text);
  return parsed.success ? parsed.output : null;
}

export async function saveDemoFile(demo: DemoFile): Promise<void> {
  if (isDeepStrictEqual(demo, await readDemoFile())) return;
  await writeFile(path, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
}
