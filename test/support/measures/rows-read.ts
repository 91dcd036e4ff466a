import { env } from 'cloudflare:workers';
import type { Db } from '../../../src/db/sql/statement.ts';

/** Runs `work` and gives the rows that D1 read and wrote meanwhile for requests, or by the session given, over all statements. */
export async function rowsReadBy(work: (db: Db) => Promise<unknown>): Promise<number> {
  const results = new Set<D1Result>();
  const add = <R extends D1Result>(result: R): R => {
    results.add(result);
    return result;
  };
  const watch = (statement: D1PreparedStatement): D1PreparedStatement => {
    const [bind, raw] = [statement.bind.bind(statement), statement.raw.bind(statement) as () => Promise<unknown>];
    statement.bind = (...values) => watch(bind(...values));
    for (const way of ['all', 'run'] as const) {
      const original = statement[way].bind(statement) as () => Promise<D1Result>;
      Object.assign(statement, { [way]: () => original().then(add) });
      // Raw results have no figures. Only reads ask for them, so they can be read twice.
      if (way === 'all') Object.assign(statement, { raw: () => original().then(add).then(raw) });
    }
    return statement;
  };
  const watched = <S extends Db>(session: S): S => {
    const [prepare, batch] = [session.prepare.bind(session), session.batch.bind(session)];
    session.prepare = (sql) => watch(prepare(sql));
    session.batch = async <T>(statements: D1PreparedStatement[]) => {
      const found = await batch<T>(statements);
      found.forEach(add);
      return found;
    };
    return session;
  };
  const original = env.DB.withSession;
  env.DB.withSession = (...given) => watched(original.apply(env.DB, given));
  await work(watched({ prepare: (sql) => env.DB.prepare(sql), batch: (batch) => env.DB.batch(batch) })).finally(() => {
    env.DB.withSession = original;
  });
  return [...results].reduce((sum, { meta }) => sum + meta.rows_read + meta.rows_written, 0);
}
