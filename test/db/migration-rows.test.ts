import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { countRows, seedEveryTable } from '../support/seeds.ts';
import { rows } from '../support/world.ts';

/** Rows that a migration makes or takes away on purpose, by its file and table: how many, and why. */
const MEANT: Readonly<Record<string, Readonly<Record<string, readonly [more: number, reason: string]>>>> = {};

const steps = env.MIGRATIONS.map(({ name }, index) => [name, index] as const);

async function seeded(versions: number): Promise<Record<string, number>> {
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, versions));
  await seedEveryTable(env.DB);
  return countRows(env.DB);
}

test.each(steps.slice(1))('%s keeps every row of a database of the version before', async (name, index) => {
  const before = await seeded(index);
  expect(Math.min(...Object.values(before))).toBeGreaterThan(0);

  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, index + 1));

  const after = await countRows(env.DB);
  const kept = Object.entries(before).map(([table, count]) => [table, count + (MEANT[name]?.[table]?.[0] ?? 0)]);
  expect(after).toMatchObject(Object.fromEntries(kept));
  expect(await rows('pragma foreign_key_check')).toEqual([]);
});

test('rows of every table are known, for the migration that comes next', async () => {
  const counts = await seeded(env.MIGRATIONS.length);
  expect(Object.keys(counts).length).toBeGreaterThan(30);
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
});

test('files of migrations are numbered without a gap', () => {
  expect(steps.map(([name]) => Number(name.slice(0, 4)))).toEqual(steps.map((_, index) => index + 1));
});
