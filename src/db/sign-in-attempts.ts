import { type SQL, sql } from 'drizzle-orm';
import { SIGN_IN_ADDRESS_FAILURES_MAX, SIGN_IN_FAILURES_MAX, SIGN_IN_WINDOW_MS } from '../model/limits.ts';
import type { Call } from './call.ts';
import { callerStatement } from './caller.ts';
import { boundByNetwork, networkValues } from './networks.ts';
import { sessions, signInAttempts } from './schema.ts';
import { arg, type Session, statement } from './statement.ts';

/** An attempt to sign in as whoever has an address of mail, from an address of the network. */
export type Attempt = {
  readonly id: string;
  readonly emailKey: string;
  readonly address: string;
  readonly now: number;
};

const asUser = sql`from ${signInAttempts} where email_key = ${arg('emailKey')} and attempted_at > ${arg('since')}`;
const ofNetwork = boundByNetwork(signInAttempts, 'address', 'attempted_at', SIGN_IN_ADDRESS_FAILURES_MAX);
const valuesOf = ({ address, now, ...attempt }: Attempt) => ({
  ...attempt,
  ...networkValues(address, now, SIGN_IN_WINDOW_MS),
  now,
});

const counted = (from: SQL) => sql`insert into ${signInAttempts} (id, email_key, address, attempted_at)
  select ${arg('id')}, ${arg('emailKey')}, ${arg('network')}, ${arg('now')} ${from}
    (select count(*) ${asUser}) < ${SIGN_IN_FAILURES_MAX} and ${ofNetwork.hasRoom}`;
const count = statement(() => counted(sql`where`));
/** Counts an attempt before it is judged, so that many at once are no more than one after another; no row: too many. */
export const countAttempt = (session: Session, attempt: Attempt) => count(session, valuesOf(attempt));

const countOwn = callerStatement((who) => counted(sql`from ${who.table} where caller.permitted and`));
/** The same of somebody signed in, who has to prove to be the user once more. */
export const countOwnAttempt = (call: Call, attempt: Attempt) => countOwn(call, valuesOf(attempt));

const full = statement(
  () => sql`select max(ifnull((select attempted_at ${asUser} order by attempted_at desc limit 1
    offset ${SIGN_IN_FAILURES_MAX - 1}), 0), ${ofNetwork.fullSince}) as since`,
);
/** Since when there have been too many (`since`). */
export const findFull = (session: Session, attempt: Attempt) => full(session, valuesOf(attempt));

const drop = statement(() => sql`delete from ${signInAttempts} where id = ${arg('id')}`);
/** Forgets one that was no failure. */
export const dropAttempt = (session: Session, id: string) => drop(session, { id });

const dropBehind = statement(() => sql`delete from ${signInAttempts} where id = ${arg('id')} and changes() > 0`);
/** The same, to stand directly behind the write that it led to. */
export const dropAttemptBehind = (session: Session, id: string) => dropBehind(session, { id });

const dropEntered = statement(
  () => sql`delete from ${signInAttempts}
    where id = ${arg('id')} and exists (select 1 from ${sessions} where id = ${arg('sessionId')})`,
);
/** Forgets one that led to this session, if it did. */
export const dropIfEntered = (session: Session, id: string, sessionId: string) =>
  dropEntered(session, { id, sessionId });
