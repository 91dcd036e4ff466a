import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { Session } from '../../src/db/statement.ts';

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
