import { rows } from '../world.ts';

let query: Promise<string> | undefined;

/** What stands in the database, table by table: rows, and the sum of `updated_at` where there is one. That requests are counted is no state. */
export async function footprint(): Promise<Record<string, number>> {
  query ??= makeQuery();
  return (await rows<Record<string, number>>(await query))[0] ?? {};
}

async function makeQuery(): Promise<string> {
  const tables = await rows<{ name: string; stamped: number }>(
    `select name, exists (select 1 from pragma_table_info(sqlite_schema.name) where name = 'updated_at') as stamped
      from sqlite_schema where type = 'table' and name not in ('request_metrics') and name not like 'sqlite%' and name not like '%d1_migrations'
      and name not like '\\_cf%' escape '\\'`,
  );
  const parts = tables.flatMap(({ name, stamped }) => [
    `(select count(*) from ${name}) as ${name}`,
    ...(stamped === 1 ? [`(select total(updated_at) from ${name}) as ${name}_updated`] : []),
  ]);
  return `select ${parts.join(', ')}`;
}
