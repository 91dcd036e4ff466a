import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { getTableName, is, sql } from 'drizzle-orm';
import { getTableConfig, SQLiteSyncDialect, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { expect, test } from 'vitest';
import * as schema from '../../src/db/schema/index.ts';
import { seedEveryTable } from '../support/seeds.ts';
import { rows } from '../support/world.ts';

const tables = Object.values(schema).filter((value) => is(value, SQLiteTable));

test.each(tables.map((table) => [getTableName(table), table] as const))(
  'the schema and the migrations agree on %s',
  async (name, table) => {
    const columns = await rows(
      `select name, type, "notnull" as required from pragma_table_xinfo(?) order by name`,
      name,
    );
    const declared = getTableConfig(table).columns.map((column) => ({
      name: column.name,
      type: column.getSQLType().toUpperCase(),
      required: column.notNull ? 1 : 0,
    }));
    const key = new Set(
      getTableConfig(table)
        .columns.filter((column) => column.primary)
        .map((column) => column.name),
    );
    const comparable = (list: Record<string, unknown>[]) =>
      list
        .filter((column) => !key.has(String(column['name'])))
        .sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
    expect(comparable(columns)).toEqual(comparable(declared));
  },
);

test('a mailbox is the same to the column of e-mails as to the queries of users', async () => {
  const [table] = await rows<{ sql: string }>("select sql from sqlite_schema where name = 'emails'");
  const { sql: expression } = new SQLiteSyncDialect().sqlToQuery(schema.mailboxOf(sql`recipient_key`));
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ');
  expect(plain(table!.sql)).toContain(`mailbox_key TEXT AS (${plain(expression)}) VIRTUAL`);
});

test.each([
  ['organizations', 'number_of_employees = -1'],
  ['organizations', 'secrecy_applies = 2'],
  ['organizations', 'technical_interface = 2'],
  ['organizations', 'company_name = null'],
  ['users', "language = 'it'"],
  ['users', 'job_title = null'],
])('no row of %s takes %s', async (table, assignment) => {
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  await seedEveryTable(env.DB);
  await expect(rows(`update ${table} set ${assignment}`)).rejects.toThrow(/constraint/i);
});

test('every table is STRICT and described by the schema', async () => {
  const found = await rows(
    "select name, strict from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite%' and name not like '%d1_migrations' and name not like '\\_cf%' escape '\\'",
  );
  expect(found.map((table) => table['name']).sort()).toEqual(tables.map((table) => getTableName(table)).sort());
  expect(found.filter((table) => table['strict'] !== 1)).toEqual([]);
});
