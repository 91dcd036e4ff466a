import { isPatch } from '../support/generators/bodies.ts';
import { type Declared, declared, openScene, request, type Scene } from '../support/generators/routes.ts';
import { rows } from '../support/world.ts';

/** The routes that take fields in JSON. */
export const writes: readonly Declared[] = declared.filter(({ route }) => route.body !== undefined && !isPatch(route));
/** The routes that take a list of operations. */
export const patches: readonly Declared[] = declared.filter(({ route }) => isPatch(route));

/** Every row of every table, as text, but for the counts of requests, which are written every ten seconds. */
async function everything(): Promise<ReadonlySet<string>> {
  const tables = await rows<{ name: string }>(
    `select name from sqlite_schema where type = 'table' and name not like 'sqlite%' and name not like '%d1_migrations'
      and name not like '\\_cf%' escape '\\' and name <> 'request_metrics'`,
  );
  const read = async ({ name }: { name: string }) =>
    (await rows(`select * from ${name}`)).map((row) => `${name} ${JSON.stringify(row)}`);
  return new Set((await Promise.all(tables.map(read))).flat());
}

/** The same word for what differs each time: ids, times, names, sizes, secrets and what is sealed. */
const plain = (text: string) =>
  text
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(/-\d+-[0-9a-f]{8}/g, '-N')
    .replace(/\b\d{13}\b|\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/(?<="bytes":)\d+/g, 'BYTES')
    .replace(/\$argon2id[^"]*/g, 'HASH')
    .replace(/(?<="(?:[a-z_]*seq|cursor|upto)":)\d+/g, 'SEQ')
    .replace(/[\w+/=-]{32,}/g, 'SECRET');

/** What a request in a scene of its own leaves in the database and answers, without what differs each time. */
export async function effectOf(one: Declared, change: (scene: Scene) => Parameters<typeof request>[1]) {
  const scene = await openScene(one);
  const before = await everything();
  const reply = await request(scene, change(scene));
  const after = await everything();
  const changed = [...after].filter((row) => !before.has(row)).map(plain);
  return { status: reply.status, text: plain(reply.text), changed: changed.sort() };
}
