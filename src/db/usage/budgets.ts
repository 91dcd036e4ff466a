import { type SQL, sql } from 'drizzle-orm';
import { refuse } from '../../model/failure.ts';
import { SIGN_IN_BYTES_FACTOR, USER_BYTES_SHARE } from '../../model/limits/index.ts';
import { type Budgets, startOfDay, startOfNextDay } from '../../model/usage/budgets.ts';
import { afterChange, type GuardedStatement } from '../commit/chain.ts';
import { tenantDays, userDays } from '../schema/index.ts';
import { arg, type Db, type Values } from '../sql/statement.ts';

/** A limit of null records without a check. */
export type Charge = {
  readonly bytes: number;
  readonly emails: number;
  readonly bytesLimit: number | null;
  readonly emailsLimit: number | null;
};

const amounts = { bytes: sql`${arg('bytes')}`, emails: sql`${arg('emails')}` };

export const insertCharge = (resellerId: SQL, rest: SQL, { bytes, emails }: { bytes: SQL; emails: SQL } = amounts) =>
  sql`insert into ${tenantDays} (day, reseller_id, bytes, emails, bytes_limit, emails_limit)
    select ${arg('day')}, ${resellerId}, ${bytes}, ${emails}, ${arg('bytesLimit')}, ${arg('emailsLimit')} ${rest}
    on conflict (day, reseller_id) do update set bytes = bytes + excluded.bytes, emails = emails + excluded.emails,
      bytes_limit = excluded.bytes_limit, emails_limit = excluded.emails_limit`;

/** Limits a user to a share of the tenant's day. */
const chargingUser = (resellerId: SQL, userId: SQL, rest: SQL) =>
  sql`insert into ${userDays} (day, reseller_id, user_id, bytes, bytes_limit)
    select ${arg('day')}, ${resellerId}, ${userId}, ${arg('bytes')}, ${arg('userBytesLimit')} ${rest}
    on conflict (day, reseller_id, user_id) do update set bytes = bytes + excluded.bytes, bytes_limit = excluded.bytes_limit`;

/** Sign-ins have room above the budget of changes. `from` ends in a condition. */
export function chargeSignIn(resellerId: SQL, userId: SQL, from: SQL) {
  const statements = [
    afterChange((changed) => insertCharge(resellerId, sql`${from} and ${changed}`)),
    afterChange((changed) => chargingUser(resellerId, userId, sql`${from} and ${changed}`)),
  ];
  return (db: Db, of: Values, { budgets, bytes, now }: Admission): GuardedStatement[] => {
    const bytesLimit = Math.floor(budgets.bytesPerDay * SIGN_IN_BYTES_FACTOR);
    const userBytesLimit = Math.floor(budgets.bytesPerDay * USER_BYTES_SHARE);
    const charge = { ...unlimitedCharge(bytes), bytesLimit, userBytesLimit, day: startOfDay(now) };
    return statements.map((make) => make(db, { ...of, ...charge }));
  };
}

type Admission = { readonly budgets: Budgets; readonly bytes: number; readonly now: number };

const insertChargeAfter = afterChange((changed) => insertCharge(sql`${arg('resellerId')}`, sql`where ${changed}`));

/** The operator (null) has no budget. */
export function chargeAfter(db: Db, resellerId: string | null, charge: Charge, now: number): GuardedStatement[] {
  return resellerId === null ? [] : [insertChargeAfter(db, { ...charge, resellerId, day: startOfDay(now) })];
}

export const unlimitedCharge = (bytes: number, emails = 0): Charge => ({
  bytes,
  emails,
  bytesLimit: null,
  emailsLimit: null,
});

const VIOLATED = /CHECK constraint failed: (?<budget>bytes|emails|sign_ins)_per_day/;

const violatedBudget = (error: unknown) =>
  VIOLATED.exec(error instanceof Error ? error.message : '')?.groups?.['budget'];

export const isOverBudget = (error: unknown): boolean => violatedBudget(error) !== undefined;

/** Refuses `rate_limited`; rethrows other errors. */
export function refuseOverBudget(error: unknown, now: number): never {
  const of = violatedBudget(error);
  if (of !== 'bytes' && of !== 'emails' && of !== 'sign_ins') throw error;
  refuse({ kind: 'rate_limited', of, retryAfterSeconds: Math.ceil((startOfNextDay(now) - now) / 1000) });
}
