import { sql } from 'drizzle-orm';
import { deadLetters, jobs } from './schema.ts';
import { arg, insertSelect, type Session, statement } from './statement.ts';

const take = statement(
  () => sql`insert into ${jobs} (name, leased_until) values (${arg('name')}, ${arg('until')})
    on conflict do update set leased_until = excluded.leased_until where leased_until <= ${arg('now')}`,
);
const release = statement(
  () => sql`update ${jobs} set leased_until = 0 where name = ${arg('name')} and leased_until = ${arg('until')}`,
);

/** Runs `work` unless another run of the same job is under way; one that died blocks nobody beyond its lease. */
export async function underLease(
  session: Session,
  given: { readonly name: string; readonly now: number; readonly until: number },
  work: () => Promise<void>,
): Promise<void> {
  const { meta } = await take(session, given).run();
  if (meta.changes === 0) return;
  await work();
  await release(session, given).run();
}

const insertDead = statement(
  () =>
    sql`${insertSelect(deadLetters, ['id', 'message', 'reason', 'receivedAt'], sql`where true`)} on conflict do nothing`,
);

/** Keeps messages that a queue gave up on, for the operator to look at. */
export async function recordDeadLetters(
  session: Session,
  letters: readonly { readonly id: string; readonly message: string }[],
  receivedAt: number,
): Promise<void> {
  await session.batch(
    letters.map((letter) => insertDead(session, { ...letter, reason: 'the queue gave up', receivedAt })),
  );
}
