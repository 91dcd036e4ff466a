import type { Step } from './invocation.ts';

type Session = Pick<D1Database, 'prepare' | 'batch'>;

/** The database, each call to which is a step of the invocation. */
export function faultyDatabase(database: D1Database, step: Step): D1Database {
  const withSession: D1Database['withSession'] = (constraint) => {
    const db = database.withSession(constraint);
    return { ...faultySession(db, step), getBookmark: () => db.getBookmark() } as D1DatabaseSession;
  };
  return { ...faultySession(database, step), withSession } as D1Database;
}

function faultySession(session: Session, step: Step): Session {
  return {
    prepare: (query) => new FaultyStatement(session.prepare(query), step) as unknown as D1PreparedStatement,
    batch: <T>(statements: D1PreparedStatement[]) =>
      step('database', () =>
        session.batch<T>(statements.map((statement) => (statement as unknown as FaultyStatement).real)),
      ),
  };
}

class FaultyStatement {
  readonly real: D1PreparedStatement;
  readonly #step: Step;
  constructor(real: D1PreparedStatement, step: Step) {
    this.real = real;
    this.#step = step;
  }
  bind(...values: unknown[]) {
    return new FaultyStatement(this.real.bind(...values), this.#step);
  }
  run() {
    return this.#step('database', () => this.real.run());
  }
  all() {
    return this.#step('database', () => this.real.all());
  }
  raw() {
    return this.#step('database', () => this.real.raw());
  }
  first(column?: string) {
    return this.#step('database', () => (column === undefined ? this.real.first() : this.real.first(column)));
  }
}
