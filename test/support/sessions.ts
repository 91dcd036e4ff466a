import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { Session } from '../../src/db/sql/statement.ts';

/** A session whose first batch is preceded by something, or fails where that fails. */
export function whileWriting(session: Session, meanwhile: () => Promise<unknown>): Session {
  let met = false;
  return {
    prepare: (sql) => session.prepare(sql),
    batch: async <T>(statements: D1PreparedStatement[]) => {
      if (!met) {
        met = true;
        await meanwhile();
      }
      return session.batch<T>(statements);
    },
  };
}

/** Gives the requests at the front door these sessions instead of their own, until the mocks are restored. */
export function changeSessions(change: (session: D1DatabaseSession) => Session): void {
  const open = env.DB.withSession.bind(env.DB);
  vi.spyOn(env.DB, 'withSession').mockImplementation((...given) => {
    const session = open(...given);
    return { ...change(session), getBookmark: () => session.getBookmark() } as D1DatabaseSession;
  });
}

/** The statements that requests at the front door prepare from now on, one after the other. */
export function watchStatements(): string[] {
  const prepared: string[] = [];
  changeSessions((session) => ({
    prepare: (sql) => {
      prepared.push(sql);
      return session.prepare(sql);
    },
    batch: (statements) => session.batch(statements),
  }));
  return prepared;
}

/** Has something happen right before requests at the front door run a statement, alone or in a batch, that has this in its text. */
export function beforeRunning(part: string, meanwhile: () => Promise<unknown>): void {
  const wanted = new WeakSet<D1PreparedStatement>();
  changeSessions((session) => ({
    prepare: (sql) => {
      const made = session.prepare(sql);
      const bind = made.bind.bind(made);
      made.bind = (...values) => {
        const bound = bind(...values);
        if (sql.includes(part)) wanted.add(bound);
        const [all, run] = [bound.all.bind(bound), bound.run.bind(bound)];
        const before = async () => (wanted.has(bound) ? meanwhile() : undefined);
        bound.all = async <T>() => before().then(() => all<T>());
        bound.run = async <T>() => before().then(() => run<T>());
        return bound;
      };
      return made;
    },
    batch: async (statements) => {
      if (statements.some((statement) => wanted.has(statement))) await meanwhile();
      return session.batch(statements);
    },
  }));
}
