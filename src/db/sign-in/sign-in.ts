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
import { byEmail, type SignInLookup, signInUserIn, type Tenant } from './lookup.ts';

/**
 * Counts the attempt and finds whom it is for, in one round trip. `waitMs`: how long before the next may be made, where
 * there were too many.
 */
export async function beginPasswordAttempt(
  database: Database,
  attempt: SignInAttempt,
  of: Tenant,
): Promise<SignInLookup & { readonly waitMs: number | null }> {
  const [counted, turn, found] = await database.batch([
    countAttempt(database, attempt),
    findNextAttemptAt(database, attempt),
    byEmail.prepare(database, { emailKey: attempt.emailKey, ...of }),
  ]);
  return { ...signInUserIn(byEmail.read(found)), waitMs: waitIfRefused(attempt, counted, turn) };
}

/**
 * Counts an attempt of somebody known, instead of the one that led to it. Gives how long the next has to wait, where there
 * were too many; else null.
 */
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

/** Counts an attempt of somebody signed in. Says how long it has to wait, where there were too many; else null. */
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

// Whatever was judged still holds: the password, whether there is a second factor, and that the user may be in; and a
// browser's way here has led nowhere yet. Where the user is as it was read, another hash is one of the same password; without
// a password or a factor to use, as from an outside provider, only that shows that nothing was taken away.
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

const visit = statement(
  () => sql`update ${memberships} set last_login_at = ${arg('now')}
    where user_id = ${arg('userId')} and reseller_id = ${arg('resellerId')} and exists (select 1 from ${sessions} where id = ${arg('sessionId')})`,
);

const charge = chargeSignIn(sql`${arg('resellerId')}`, sql`${arg('userId')}`, sql`where true`);

/** A sign-in whose every proof was good, as it is written: all of it, or nothing where something has changed since. */
export type SignIn = {
  readonly session: Session;
  /** What refreshes the session, hashed; of a browser's the cookie is. */
  readonly refresh: RefreshHashes | null;
  readonly cookieHash: string | null;
  /** The way through the pages that ends here; null: there was none. */
  readonly flowId: string | null;
  /** The password as it was judged; null: it was not asked for. */
  readonly readHash: string | null;
  readonly readAt: number;
  readonly newHash: string | null;
  readonly twoFactor: boolean;
  /** Whether it is to the user's own reseller. */
  readonly atHome: boolean;
  /** Uses a code up, where the second factor is one. */
  readonly use: D1PreparedStatement | null;
  readonly event: Event;
  readonly eventId: string;
  /** What the audit log and the user hear beside it. */
  readonly noted: { readonly event: AuditEvent; readonly id: string; readonly mailId: string } | null;
  readonly attemptId: string | null;
  readonly requestId: string;
  readonly budgets: Budgets;
};

/** Writes the session, its tokens and its event, and charges its tenant. Says whether it was let in. Refuses `rate_limited`. */
export async function recordSignIn(database: Database, signIn: SignIn): Promise<boolean> {
  const { session, refresh, cookieHash, flowId, use, event, eventId, noted, attemptId, requestId, budgets } = signIn;
  const { userId, resellerId, id: sessionId, createdAt: now } = session;
  const by = `user:${userId}`;
  const { address, userAgent } = session;
  const told = { resellerId, subject: userId, actor: by, requestId, now, address, userAgent };
  const { readHash, readAt, newHash, twoFactor } = signIn;
  const admission = admit(database, {
    ...{ now, newHash, userId, readHash, readAt, resellerId, flowId },
    twoFactor: twoFactor ? 1 : 0,
    unused: use === null ? 1 : 0,
  });
  const begun = [
    insertSession(database, session, cookieHash),
    ...(refresh === null ? [] : [insertRefreshToken(database, { ...refresh, sessionId })]),
    insertEventAfter(database, event, { ...told, id: eventId }),
    ...(noted === null ? [] : [auditAfter(database, noted.event, { ...told, id: noted.id })]),
  ];
  const networks = recordKnownNetwork(database, userId, sessionId);
  const tell = ({ id: eventId, mailId }: NonNullable<SignIn['noted']>) =>
    noticeMail(database, { id: mailId, eventId, userId, payer: resellerId, now });
  const bytes = writtenBytes([...begun, ...networks]) + SESSION_END_BYTES;
  const admitted = chain(admission, ...begun, ...charge(database, { userId, resellerId }, { budgets, bytes, now }));
  const batch = [
    ...(use === null ? admitted : chain(use, ...admitted)),
    ...(noted === null ? [] : tell(noted)),
    ...(flowId === null ? [] : [finishFlowOfSession(database, flowId, { sessionId, now })]),
    ...(attemptId === null ? [] : [deleteAttemptOfSession(database, attemptId, sessionId)]),
    ...networks,
    ...(signIn.atHome ? [] : [visit(database, { now, userId, resellerId, sessionId })]),
    endOldestSessions(database, session, { by, from: resellerId, requestId, now, address, userAgent }),
  ];
  const results = await database.batch(batch).catch((error) => refuseOverBudget(error, now));
  return (results[batch.indexOf(admission) + 1]?.meta.changes ?? 0) > 0;
}

const rehash = statement(
  () =>
    sql`update ${users} set password_hash = ${arg('newHash')} where id = ${arg('userId')} and password_hash = ${arg('readHash')}`,
);
/** Puts a hash by today's parameters in the place of an older one of the same password. */
export async function upgradePasswordHash(
  database: Database,
  hash: { readonly userId: string; readonly readHash: string | null; readonly newHash: string },
): Promise<void> {
  await rehash(database, hash).run();
}

/** Takes back an attempt that turned out to be no failure. */
export async function removeAttempt(database: Database, id: string): Promise<void> {
  await deleteAttempt(database, id).run();
}
