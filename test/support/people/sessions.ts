import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { Db } from '../../../src/db/sql/statement.ts';

/** A session whose first batch is preceded by something, or fails where that fails. */
export function whileWriting(db: Db, meanwhile: () => Promise<unknown>): Db {
  let met = false;
  return {
    prepare: (sql) => db.prepare(sql),
    batch: async <T>(statements: D1PreparedStatement[]) => {
      if (!met) {
        met = true;
        await meanwhile();
      }
      return db.batch<T>(statements);
    },
  };
}

/** Gives the requests at the front door these sessions instead of their own, until the mocks are restored. */
export function changeSessions(change: (db: D1DatabaseSession) => Db): void {
  const open = env.DB.withSession.bind(env.DB);
  vi.spyOn(env.DB, 'withSession').mockImplementation((...given) => {
    const session = open(...given);
    return { ...change(session), getBookmark: () => session.getBookmark() } as D1DatabaseSession;
  });
}

/** The statements that requests at the front door prepare from now on, one after the other. */
export function watchStatements(): string[] {
  const prepared: string[] = [];
  changeSessions((db) => ({
    prepare: (sql) => {
      prepared.push(sql);
      return db.prepare(sql);
    },
    batch: (statements) => db.batch(statements),
  }));
  return prepared;
}

/** Has something happen right before requests at the front door run a statement, alone or in a batch, that has this in its text. */
export function beforeRunning(part: string, meanwhile: () => Promise<unknown>): void {
  const wanted = new WeakSet<D1PreparedStatement>();
  changeSessions((db) => ({
    prepare: (sql) => {
      const made = db.prepare(sql);
      const bind = made.bind.bind(made);
      made.bind = (...values) => {
        const bound = bind(...values);
        if (sql.includes(part)) wanted.add(bound);
        const raw = bound.raw.bind(bound) as () => Promise<unknown>;
        const run = bound.run.bind(bound);
        const before = async () => (wanted.has(bound) ? meanwhile() : undefined);
        Object.assign(bound, { raw: () => before().then(raw) });
        bound.run = async <T>() => before().then(() => run<T>());
        return bound;
      };
      return made;
    },
    batch: async (statements) => {
      if (statements.some((statement) => wanted.has(statement))) await meanwhile();
      return db.batch(statements);
    },
  }));
}
