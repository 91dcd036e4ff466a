import { env } from 'cloudflare:workers';

/** A round trip to D1: the SQL that it carried, several where it was a batch. */
export type Trip = readonly string[];

/** Runs `work` and gives the round trips to D1 that requests made meanwhile, in their order. */
export async function tripsOf(work: () => Promise<unknown>): Promise<Trip[]> {
  const trips: Trip[] = [];
  const text = new WeakMap<D1PreparedStatement, string>();
  const watch = (statement: D1PreparedStatement, sql: string): D1PreparedStatement => {
    text.set(statement, sql);
    const bind = statement.bind.bind(statement);
    statement.bind = (...values) => watch(bind(...values), sql);
    for (const way of ['all', 'run', 'raw', 'first'] as const) {
      const original = statement[way].bind(statement) as (...given: unknown[]) => unknown;
      Object.assign(statement, {
        [way]: (...given: unknown[]) => {
          trips.push([sql]);
          return original(...given);
        },
      });
    }
    return statement;
  };
  const original = env.DB.withSession;
  env.DB.withSession = (...given) => {
    const session = original.apply(env.DB, given);
    const [prepare, batch] = [session.prepare.bind(session), session.batch.bind(session)];
    session.prepare = (sql) => watch(prepare(sql), sql);
    session.batch = (statements) => {
      trips.push(statements.map((statement) => text.get(statement) ?? ''));
      return batch(statements);
    };
    return session;
  };
  await work().finally(() => {
    env.DB.withSession = original;
  });
  return trips;
}
