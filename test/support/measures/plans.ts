import { env } from 'cloudflare:workers';
import type { Db } from '../../../src/db/sql/statement.ts';
import type { Caller } from '../api.ts';

/** Runs `work` and gives the SQL of every statement that a request, or the session it is given, prepared. */
export async function statementsOf(work: (db: Db) => Promise<unknown>): Promise<Set<string>> {
  const seen = new Set<string>();
  const watched = <S extends Db>(session: S): S => {
    const prepare = session.prepare.bind(session);
    session.prepare = (sql) => {
      seen.add(sql);
      return prepare(sql);
    };
    return session;
  };
  const original = env.DB.withSession;
  env.DB.withSession = (...given) => watched(original.apply(env.DB, given));
  await work(watched({ prepare: (sql) => env.DB.prepare(sql), batch: (batch) => env.DB.batch(batch) })).finally(() => {
    env.DB.withSession = original;
  });
  return seen;
}

export async function planOf(sql: string): Promise<string[]> {
  const values = Array(sql.split('?').length - 1).fill(null);
  const { results } = await env.DB.prepare(`explain query plan ${sql}`)
    .bind(...values)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}

/** Reading a whole table, or sorting what an index could have given in order. */
const wasteful = (detail: string) =>
  (/^SCAN (?!\d* ?CONSTANT ROW|\(subquery|waiting|alone|edge|few)/.test(detail) &&
    !/USING|VIRTUAL TABLE/.test(detail)) ||
  detail.includes('TEMP B-TREE');

/** The first two pages of a list, sorted as asked where it can be. */
export async function listPages(caller: Caller, list: string, sort?: string, size = 'limit'): Promise<void> {
  const query = `${size}=1${sort === undefined ? '' : `&sort=${sort}`}`;
  const page = await caller.get(`${list}?${query}`);
  const next = /after=([^&>]+)/.exec(page.headers.get('Link') ?? '')?.[1];
  if (next !== undefined) await caller.get(`${list}?${query}&after=${next}`);
}

/** What is wasteful in the plan of each statement. */
export async function wasteOf(statements: Iterable<string>): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const sql of statements) {
    // A plus says that the rows are few, found by an index, and sorted on purpose.
    const sorts = sql.includes('order by +');
    const plan = await planOf(sql);
    // A page of a list takes the rows of its inner select as they come.
    const isTaken = (detail: string) => plan.includes(detail.replace(/^SCAN (\S+).*/, 'CO-ROUTINE $1'));
    const details = plan.filter(
      (detail) => wasteful(detail) && !isTaken(detail) && !(sorts && detail.includes('TEMP B-TREE')),
    );
    if (details.length > 0) found[sql.replace(/\s+/g, ' ')] = details;
  }
  return found;
}
