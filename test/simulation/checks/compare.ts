import { rows } from '../../support/world.ts';
import type { Row } from '../model.ts';

/** Where the rows of a table and those that must be there differ, in the columns that are known. */
export function differences(
  table: string,
  expected: ReadonlyMap<string, Row>,
  actual: readonly Row[],
  keyOf: (row: Row) => string = ({ id }) => String(id),
): string[] {
  const left = new Map(expected);
  const found = actual.flatMap((row) => {
    const key = keyOf(row);
    const wanted = left.get(key);
    if (wanted === undefined) return [`${table}: nobody made ${JSON.stringify(row)}`];
    left.delete(key);
    const wrong = Object.entries(wanted).filter(([column, value]) => row[column] !== value);
    return wrong.map(([column, value]) => `${table} ${key}: ${column} is ${row[column]} and must be ${value}`);
  });
  return [...found, ...[...left].map(([key, row]) => `${table} ${key}: is not there: ${JSON.stringify(row)}`)];
}

/** A finding for each row of a query that must find none. */
export async function none(what: string, sql: string, ...values: unknown[]): Promise<string[]> {
  return (await rows(sql, ...values)).map((row) => `${what}: ${JSON.stringify(row)}`);
}
