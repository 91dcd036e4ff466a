import { sql } from 'drizzle-orm';
import type { AuditEvent } from '../../model/events/audit.ts';
import type { Event } from '../../model/events/event.ts';
import { SESSION_END_BYTES } from '../../model/limits/index.ts';
import type { Session } from '../../model/sessions/session.ts';
import type { RefreshHashes } from '../../model/sign-in/crypto.ts';
import type { Budgets } from '../../model/usage/budgets.ts';
import { auditAfter, noticeMail } from '../commit/audit-entry.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { insertEventAfter } from '../commit/commit.ts';
import { memberships, resellers, sessions, users } from '../schema/index.ts';
import { endOldestSessions, insertRefreshToken, insertSession } from '../sessions/sessions.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { isUserPresentIn } from '../sql/not-deleted.ts';
import { maySignIn } from '../sql/rights.ts';
import { arg, type Db as Database, statement, writtenBytes } from '../sql/statement.ts';
import { chargeSignIn, refuseOverBudget } from '../usage/budgets.ts';
import {
  countAttempt,
  countCallerAttempt,
  deleteAttempt,
  deleteAttemptOfSession,
  findNextAttemptAt,
  type SignInAttempt,
  waitOf,
} from './attempts.ts';
import { finishFlowOfSession, isFlowOpen } from './flows.ts';
import { recordKnownNetwork } from './known-networks.ts';
import { byEmail, type RequestedTenant, type SignInLookup, signInUserIn } from './lookup.ts';

/** `waitMs` is null below the limit. */
export async function beginPasswordAttempt(
  database: Database,
  attempt: SignInAttempt,
  of: RequestedTenant,
): Promise<SignInLookup & { readonly waitMs: number | null }> {
  const [counted, turn, found] = await database.batch([
    countAttempt(database, attempt),
    findNextAttemptAt(database, attempt),
    byEmail.prepare(database, { emailKey: attempt.emailKey, ...of }),
  ]);
  return { ...signInUserIn(byEmail.read(found)), waitMs: waitIfRefused(attempt, counted, turn) };
}

/** Returns the wait in milliseconds where the limit is reached; else null. */
export async function replaceAttempt(
  database: Database,
  attempt: SignInAttempt,
  former: string | null = null,
): Promise<number | null> {
  const [counted, turn] = await database.batch([
    countAttempt(database, attempt),
    findNextAttemptAt(database, attempt),
    ...(former === null ? [] : [deleteAttempt(database, former)]),
  ]);
  return waitIfRefused(attempt, counted, turn);
}

/** Returns the wait in milliseconds where the limit is reached; else null. */
export async function beginCallerAttempt(caller: CallerContext, attempt: SignInAttempt): Promise<number | null> {
  const [counted, turn] = await caller.db.batch([
    countCallerAttempt(caller, attempt),
    findNextAttemptAt(caller.db, attempt),
  ]);
  return waitIfRefused(attempt, counted, turn);
}

type Result = D1Result | undefined;
const waitIfRefused = (attempt: SignInAttempt, counted: Result, turn: Result): number | null =>
  counted?.meta.changes === 0 ? waitOf(attempt, turn) : null;

// Rehashing a password leaves `updated_at`. A sign-in without password or factor requires it unchanged: nothing else shows a revocation.
const admit = afterChange(
  (
    changed,
  ) => sql`update ${users} as user set last_login_at = iif(user.reseller_id = ${arg('resellerId')}, ${arg('now')}, last_login_at),
      password_hash = ifnull(${arg('newHash')}, password_hash)
    where id = ${arg('userId')} and (updated_at = ${arg('readAt')} or password_hash = ${arg('readHash')} or (${arg('readHash')} is null and not ${arg('unused')}))
      and two_factor_enabled = ${arg('twoFactor')} and (${arg('unused')} or ${changed})
      and (${arg('flowId')} is null or ${isFlowOpen})
      and exists (select 1 from ${memberships} as membership
        join ${resellers} as reseller on reseller.id = membership.reseller_id and reseller.deleted_at is null and reseller.enabled
        where membership.user_id = user.id and membership.reseller_id = ${arg('resellerId')} and ${maySignIn('user', 'membership')}
          and ${isUserPresentIn(sql`reseller.id`)})`,
);

const recordLastLogin = statement(
  () => sql`update ${memberships} set last_login_at = ${arg('now')}
    where user_id = ${arg('userId')} and reseller_id = ${arg('resellerId')} and exists (select 1 from ${sessions} where id = ${arg('sessionId')})`,
);

const charge = chargeSignIn(sql`${arg('resellerId')}`, sql`${arg('userId')}`, sql`where true`);

export type SignIn = {
  readonly session: Session;
  /** Null for browser sessions, which have a cookie. */
  readonly refresh: RefreshHashes | null;
  readonly cookieHash: string | null;
  readonly flowId: string | null;
  /** The verified hash; null: no password was used. */
  readonly readHash: string | null;
  readonly readAt: number;
  readonly newHash: string | null;
  readonly twoFactor: boolean;
  /** In the user's primary reseller. */
  readonly atHome: boolean;
  readonly use: D1PreparedStatement | null;
  readonly event: Event;
  readonly eventId: string;
  readonly audit: { readonly event: AuditEvent; readonly id: string; readonly mailId: string } | null;
  readonly attemptId: string | null;
  readonly requestId: string;
  readonly budgets: Budgets;
};

/** Returns false where a verified fact has changed. Refuses `rate_limited`. */
export async function recordSignIn(database: Database, signIn: SignIn): Promise<boolean> {
  const { session, refresh, cookieHash, flowId, use, event, eventId, audit, attemptId, requestId, budgets } = signIn;
  const { userId, resellerId, id: sessionId, createdAt: now } = session;
  const by = `user:${userId}`;
  const { address, userAgent } = session;
  const eventRow = { resellerId, subject: userId, actor: by, requestId, now, address, userAgent };
  const { readHash, readAt, newHash, twoFactor } = signIn;
  const admission = admit(database, {
    ...{ now, newHash, userId, readHash, readAt, resellerId, flowId },
    twoFactor: twoFactor ? 1 : 0,
    unused: use === null ? 1 : 0,
  });
  const begun = [
    insertSession(database, session, cookieHash),
    ...(refresh === null ? [] : [insertRefreshToken(database, { ...refresh, sessionId })]),
    insertEventAfter(database, event, { ...eventRow, id: eventId }),
    ...(audit === null ? [] : [auditAfter(database, audit.event, { ...eventRow, id: audit.id })]),
  ];
  const networks = recordKnownNetwork(database, userId, sessionId);
  const notice = ({ id: eventId, mailId }: NonNullable<SignIn['audit']>) =>
    noticeMail(database, { id: mailId, eventId, userId, payer: resellerId, now });
  const bytes = writtenBytes([...begun, ...networks]) + SESSION_END_BYTES;
  const admitted = chain(admission, ...begun, ...charge(database, { userId, resellerId }, { budgets, bytes, now }));
  const batch = [
    ...(use === null ? admitted : chain(use, ...admitted)),
    ...(audit === null ? [] : notice(audit)),
    ...(flowId === null ? [] : [finishFlowOfSession(database, flowId, { sessionId, now })]),
    ...(attemptId === null ? [] : [deleteAttemptOfSession(database, attemptId, sessionId)]),
    ...networks,
    ...(signIn.atHome ? [] : [recordLastLogin(database, { now, userId, resellerId, sessionId })]),
    endOldestSessions(database, session, { by, from: resellerId, requestId, now, address, userAgent }),
  ];
  const results = await database.batch(batch).catch((error) => refuseOverBudget(error, now));
  return (results[batch.indexOf(admission) + 1]?.meta.changes ?? 0) > 0;
}

const rehash = statement(
  () =>
    sql`update ${users} set password_hash = ${arg('newHash')} where id = ${arg('userId')} and password_hash = ${arg('readHash')}`,
);
export async function upgradePasswordHash(
  database: Database,
  hash: { readonly userId: string; readonly readHash: string | null; readonly newHash: string },
): Promise<void> {
  await rehash(database, hash).run();
}

export async function removeAttempt(database: Database, id: string): Promise<void> {
  await deleteAttempt(database, id).run();
}
