import { sql } from 'drizzle-orm';
import type { JobName } from '../../model/jobs/jobs.ts';
import { deadLetters, jobs } from '../schema/index.ts';
import { arg, type Db, insertSelect, statement } from '../sql/statement.ts';

const takeStatement = statement(
  () => sql`insert into ${jobs} (name, leased_until, started_at) values (${arg('name')}, ${arg('until')}, ${arg('now')})
    on conflict do update set leased_until = excluded.leased_until, started_at = excluded.started_at
    where leased_until <= ${arg('now')}`,
);

/** The lease ends at `until`, which also identifies it. */
export type JobLease = { readonly name: JobName; readonly now: number; readonly until: number };

/** False while another run holds the lease. */
export async function takeLease(db: Db, lease: JobLease): Promise<boolean> {
  return (await takeStatement(db, lease).run()).meta.changes > 0;
}

// A run that outlived its lease writes nothing.
const releaseStatement = statement(
  () => sql`update ${jobs} set leased_until = 0, finished_at = ${arg('now')}, duration_ms = ${arg('now')} - started_at,
      counts = ${arg('counts')}, more = ${arg('more')}, failures = ${arg('failures')},
      succeeded_at = iif(${arg('failures')} = '[]', ${arg('now')}, succeeded_at)
    where name = ${arg('name')} and leased_until = ${arg('until')}`,
);

export type JobOutcome = {
  readonly counts: Readonly<Record<string, number>>;
  readonly more: boolean;
  readonly failures: readonly string[];
};

export async function releaseLease(
  db: Db,
  { name, until }: JobLease,
  { counts, more, failures }: JobOutcome,
  now: number,
): Promise<void> {
  const report = { counts: JSON.stringify(counts), more: more ? 1 : 0, failures: JSON.stringify(failures) };
  await releaseStatement(db, { name, until, now, ...report }).run();
}

const insertDead = statement(
  () =>
    sql`${insertSelect(deadLetters, ['id', 'message', 'reason', 'receivedAt'], sql`where true`)} on conflict do nothing`,
);

export async function recordDeadLetters(
  db: Db,
  letters: readonly { readonly id: string; readonly message: string }[],
  receivedAt: number,
): Promise<void> {
  await db.batch(letters.map((letter) => insertDead(db, { ...letter, reason: 'the queue gave up', receivedAt })));
}
