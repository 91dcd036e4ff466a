import { type SQL, sql } from 'drizzle-orm';
import {
  FACTOR_FAILURES,
  PASSWORD_FAILURES,
  SIGN_IN_ADDRESS_FAILURES_MAX,
  SIGN_IN_WINDOW_MS,
} from '../../model/limits/index.ts';
import type { Device } from '../../model/sessions/device.ts';
import { afterChange } from '../commit/chain.ts';
import { activations, knownNetworks, sessions, signInAttempts, users } from '../schema/index.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, literal, statement } from '../sql/statement.ts';
import { limitByNetwork, networkLimitValues } from './network-limit.ts';

export type SignInAttempt = {
  readonly id: string;
  readonly emailKey: string;
  /** As in `pwd+otp`; each combination has its own limit. */
  readonly method: string;
  readonly network: string;
  readonly devices: readonly Device[];
  readonly now: number;
};

type FailureLimits = typeof PASSWORD_FAILURES;
type Party = keyof Omit<FailureLimits[number], 'windowMs'>;

/** `device`: a device cookie of the user; `known`: a network of a recent sign-in. */
const standing = sql`(select (select given.value ->> 'nonce' from json_each(${arg('devices')}) as given
      join ${users} as owner on owner.id = given.value ->> 'userId' where owner.email_key = ${arg('emailKey')}) as device,
    exists (select 1 from ${users} as owner join ${knownNetworks} as place on place.user_id = owner.id
      where owner.email_key = ${arg('emailKey')} and place.network = ${arg('network')}
        and place.signed_in_at > ${arg('knownSince')}) as known) as standing`;

const ofNetwork = limitByNetwork(
  signInAttempts,
  'address',
  'attempted_at',
  SIGN_IN_ADDRESS_FAILURES_MAX,
  sql`device is null`,
);

/** When the attempts in each window are below the limit. */
function freeAt(failures: FailureLimits, party: Party, which: SQL): SQL {
  const times = failures.map(
    ({ windowMs, [party]: max }) => sql`ifnull((select tried.attempted_at from ${signInAttempts} as tried
      where tried.email_key = ${arg('emailKey')} and tried.method = ${arg('method')} and ${which}
      order by tried.attempted_at desc limit 1 offset ${literal(max - 1)}), 0) + ${literal(windowMs)}`,
  );
  return latest(times);
}

const latest = ([first = sql`0`, ...others]: readonly SQL[]): SQL =>
  others.length === 0 ? first : sql`max(${sql.join([first, ...others], sql`, `)})`;

/** A known network has its own limit or that of strangers; strangers also share their network's. */
function turn(failures: FailureLimits): SQL {
  const device = freeAt(failures, 'device', sql`tried.device = standing.device`);
  const network = freeAt(failures, 'network', sql`tried.device is null and tried.address = ${arg('network')}`);
  const strangers = freeAt(failures, 'strangers', sql`tried.device is null`);
  return sql`(select standing.device, iif(standing.device is not null, ${device},
    min(iif(standing.known, ${network}, ${literal(Number.MAX_SAFE_INTEGER)}),
      max(${strangers}, ${ofNetwork.fullSince} + ${literal(SIGN_IN_WINDOW_MS)}))) as free_at from ${standing}) as turn`;
}

function statementsOf(failures: FailureLimits) {
  const keptMs = Math.max(...failures.map(({ windowMs }) => windowMs));
  const counted = (
    from: SQL,
  ) => sql`insert into ${signInAttempts} (id, email_key, method, address, device, attempted_at, expires_at)
    select ${arg('id')}, ${arg('emailKey')}, ${arg('method')}, ${arg('network')}, turn.device, ${arg('now')}, ${arg('now')} + ${literal(keptMs)}
    from ${from} turn.free_at <= ${arg('now')}`;
  return {
    count: statement(() => counted(sql`${turn(failures)} where`)),
    countOwn: callerStatement((callerSql) =>
      counted(sql`${callerSql.table} join ${turn(failures)} where caller.permitted and`),
    ),
    findTurn: query(() => ({
      select: { freeAt: value<number>(sql`turn.free_at`) },
      from: sql`from ${turn(failures)}`,
    })),
  };
}

const [passwords, factors] = [statementsOf(PASSWORD_FAILURES), statementsOf(FACTOR_FAILURES)];
const statementsFor = ({ method }: SignInAttempt) => (method.includes('+') ? factors : passwords);
const valuesOf = ({ network, devices, now, ...attempt }: SignInAttempt) => ({
  ...{ ...attempt, now, devices: JSON.stringify(devices) },
  ...networkLimitValues(network, now, SIGN_IN_WINDOW_MS),
});

/** Precedes verification, so that parallel attempts are limited. No row: limit reached. */
export const countAttempt = (db: Db, attempt: SignInAttempt) => statementsFor(attempt).count(db, valuesOf(attempt));
export const countCallerAttempt = (caller: CallerContext, attempt: SignInAttempt) =>
  statementsFor(attempt).countOwn(caller, valuesOf(attempt));
export const findNextAttemptAt = (db: Db, attempt: SignInAttempt) =>
  statementsFor(attempt).findTurn.prepare(db, valuesOf(attempt));
/** Milliseconds. */
export function waitOf(attempt: SignInAttempt, result: D1Result | undefined): number {
  const [turn] = statementsFor(attempt).findTurn.read(result);
  return (turn?.freeAt ?? 0) - attempt.now;
}

const drop = statement(() => sql`delete from ${signInAttempts} where id = ${arg('id')}`);
export const deleteAttempt = (db: Db, id: string) => drop(db, { id });

const dropBehind = afterChange((changed) => sql`delete from ${signInAttempts} where id = ${arg('id')} and ${changed}`);
export const deleteAttemptAfter = (db: Db, id: string) => dropBehind(db, { id });

const dropEntered = statement(
  () => sql`delete from ${signInAttempts}
    where id = ${arg('id')} and exists (select 1 from ${sessions} where id = ${arg('sessionId')})`,
);
export const deleteAttemptOfSession = (db: Db, id: string, sessionId: string) => dropEntered(db, { id, sessionId });

const dropGuesses = statement(
  () => sql`delete from ${signInAttempts} where method = 'pwd' and device is null
    and email_key = (select email_key from ${users} where id = ${arg('userId')})
    and exists (select 1 from ${activations} where token_hash = ${arg('tokenHash')} and used_at = ${arg('now')} and asked_by is null)`,
);
/** Strangers' attempts, once a mailed link replaces the password. */
export const deleteAttemptsAtReplacedPassword = (
  db: Db,
  link: { readonly userId: string; readonly tokenHash: string; readonly now: number },
) => dropGuesses(db, link);
