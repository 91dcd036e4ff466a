import { sql } from 'drizzle-orm';
import { EXPANSION_CHUNK_USERS, EXPANSION_SWEEP_ROWS, ROW_BYTES } from '../../model/limits/index.ts';
import { startOfDay, startOfNextDay } from '../../model/usage/budgets.ts';
import { immediatelyDueAt } from '../../model/webhooks/due.ts';
import { afterChange, chain, changedRows } from '../commit/chain.ts';
import {
  emails,
  memberships,
  resellers,
  statusUpdateProgress,
  statusUpdates,
  tenantDays,
  users,
} from '../schema/index.ts';
import { query, returning } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { insertCharge, unlimitedCharge } from '../usage/budgets.ts';
import { dueIfEnabled } from './emails.ts';
import { isSubscribed, receivesUpdates } from './subscribers.ts';

const idle = query(() => ({
  select: { statusUpdateId: value<string>(sql`status_update_id`) },
  from: sql`from ${statusUpdateProgress}
    where expanding_at <= ${arg('before')} order by expanding_at limit ${arg('limit')}`,
}));

export const findIdleStatusUpdates = (db: Db, before: number) => idle(db, { before, limit: EXPANSION_SWEEP_ROWS });

// One row without a subscriber says that none is left.
const nextSubscribers = query(() => ({
  select: {
    cursor: value<string>(sql`progress.cursor`),
    resellerId: value<string>(sql`published.reseller_id`),
    userId: value<string | null>(sql`membership.user_id`),
    emailKey: value<string | null>(sql`user.email_key`),
    used: value<number | null>(
      sql`(select emails from ${tenantDays} where day = ${arg('day')} and reseller_id = reseller.id)`,
    ),
  },
  from: sql`from ${statusUpdateProgress} as progress
    join ${statusUpdates} as published on published.id = progress.status_update_id
    left join ${resellers} as reseller on reseller.id = published.reseller_id and reseller.deleted_at is null
    left join ${memberships} as membership on membership.reseller_id = reseller.id and ${isSubscribed}
      and membership.user_id > progress.cursor
    left join ${users} as user on user.id = membership.user_id
    where progress.status_update_id = ${arg('id')} and progress.expanding_at is not null
    order by membership.user_id limit ${arg('limit')}`,
}));

type NextSubscriber = { readonly resellerId: string; readonly userId: string; readonly emailKey: string };

export async function findNextSubscribers(
  db: Db,
  id: string,
  now: number,
): Promise<{ readonly after: string; readonly subscribers: readonly NextSubscriber[]; readonly emailsUsed: number }> {
  const rows = await nextSubscribers(db, { id, day: startOfDay(now), limit: EXPANSION_CHUNK_USERS });
  const [first] = rows;
  const subscribers = rows.flatMap(({ resellerId, userId, emailKey }) =>
    userId === null || emailKey === null ? [] : { resellerId, userId, emailKey },
  );
  return { after: first?.cursor ?? '', subscribers, emailsUsed: first?.used ?? 0 };
}

const isCursorUnmoved = sql`progress.status_update_id = ${arg('id')} and progress.cursor = ${arg('after')}
  and progress.expanding_at is not null`;

const writeMails = returning(() => ({
  give: { id: value<string>(sql`id`), dueAt: value<number | null>(sql`next_attempt_at`) },
  write: sql`insert into ${emails} (id, cause, template, language, recipient, recipient_key, address_hash, reseller_id,
      user_id, status_update_id, state, next_attempt_at, created_at)
    select given.value ->> 'id', 'status:' || published.id || ':' || user.id, 'status-update', user.language, user.email,
      user.email_key, given.value ->> 'addressHash', reseller.id, user.id, published.id, 'pending', ${dueIfEnabled}, ${arg('now')}
    from ${statusUpdateProgress} as progress
    join ${statusUpdates} as published on published.id = progress.status_update_id
    join ${resellers} as reseller on reseller.id = published.reseller_id
    join json_each(${arg('rows')}) as given
    join ${users} as user on user.id = given.value ->> 'userId' and user.email_key = given.value ->> 'emailKey'
    where ${isCursorUnmoved} and ${receivesUpdates(sql`given.value ->> 'addressHash'`)}
    on conflict do nothing`,
}));
const charge = afterChange((changed) =>
  insertCharge(
    sql`published.reseller_id`,
    sql`from ${statusUpdates} as published where published.id = ${arg('id')} and ${changed}`,
    { bytes: sql`${changedRows} * ${ROW_BYTES}`, emails: changedRows },
  ),
);
const advance = statement(
  () => sql`update ${statusUpdateProgress} as progress
    set cursor = ${arg('to')}, expanding_at = ${arg('expandingAt')} where ${isCursorUnmoved}`,
);

/** Writes nothing if a concurrent run has moved the cursor. Returns the ids to send at once. Throws over budget. */
export async function insertStatusMails(
  db: Db,
  id: string,
  chunk: {
    readonly after: string;
    readonly mails: readonly (NextSubscriber & { readonly id: string; readonly addressHash: string })[];
    readonly done: boolean;
  },
  { now, emailsPerDay }: { readonly now: number; readonly emailsPerDay: number },
): Promise<string[]> {
  const { after, mails, done } = chunk;
  const to = mails.at(-1)?.userId ?? after;
  const values = { id, after, to, rows: JSON.stringify(mails), now, dueAt: immediatelyDueAt(now) };
  const [written] = await db.batch([
    ...chain(
      writeMails.prepare(db, values),
      charge(db, { ...unlimitedCharge(0), emailsLimit: emailsPerDay, id, day: startOfDay(now) }),
    ),
    advance(db, { ...values, expandingAt: done ? null : now }),
  ]);
  return writeMails.read(written).flatMap(({ id, dueAt }) => (dueAt === null ? [] : id));
}

const postpone = statement(
  () => sql`update ${statusUpdateProgress} as progress set expanding_at = ${arg('until')} where ${isCursorUnmoved}`,
);

/** The sweep continues with the next day's budget. */
export async function postponeStatusMails(db: Db, id: string, after: string, now: number): Promise<void> {
  await postpone(db, { id, after, until: startOfNextDay(now) }).run();
}
