import { type SQL, sql } from 'drizzle-orm';
import { type Budgets, dayOf, nextDay } from '../model/budgets.ts';
import { refuse } from '../model/failure.ts';
import { SIGN_IN_BYTES_TIMES } from '../model/limits.ts';
import { tenantDays } from './schema.ts';
import { arg, type Session, statement } from './statement.ts';

/** What a batch uses of a tenant's day. A limit of null: it is recorded in any case. */
export type Charge = {
  readonly bytes: number;
  readonly emails: number;
  readonly bytesLimit: number | null;
  readonly emailsLimit: number | null;
};

const amounts = { bytes: sql`${arg('bytes')}`, emails: sql`${arg('emails')}` };

/** `insert into tenant_days … select` of the tenant and the amounts that `rest` finds; it touches a row for what stands behind it. */
export const charging = (resellerId: SQL, rest: SQL, { bytes, emails }: { bytes: SQL; emails: SQL } = amounts) =>
  sql`insert into ${tenantDays} (day, reseller_id, bytes, emails, bytes_limit, emails_limit)
    select ${arg('day')}, ${resellerId}, ${bytes}, ${emails}, ${arg('bytesLimit')}, ${arg('emailsLimit')} ${rest}
    on conflict (day, reseller_id) do update set bytes = bytes + excluded.bytes, emails = emails + excluded.emails,
      bytes_limit = excluded.bytes_limit, emails_limit = excluded.emails_limit`;

const behind = statement(() => charging(sql`${arg('resellerId')}`, sql`where changes() > 0`));

/** Charges a tenant, to stand directly behind the write: a refused one costs nothing. The operator (null) has no budget. */
export function chargeBehind(
  session: Session,
  resellerId: string | null,
  charge: Charge,
  now: number,
): D1PreparedStatement[] {
  return resellerId === null ? [] : [behind(session, { ...charge, resellerId, day: dayOf(now) })];
}

/** A charge that no limit refuses. */
export const recorded = (bytes: number, emails = 0): Charge => ({
  bytes,
  emails,
  bytesLimit: null,
  emailsLimit: null,
});

/** A charge for people who come in: they have some room above the budget of the changes. */
export const admitted = (budgets: Budgets, bytes: number, emails = 0): Charge => ({
  ...recorded(bytes, emails),
  bytesLimit: Math.floor(budgets.bytesPerDay * SIGN_IN_BYTES_TIMES),
});

const VIOLATED = /CHECK constraint failed: (bytes|emails)_per_day/;

/** Refuses `rate_limited` where a batch was rolled back because a daily budget is used up; else throws the error on. */
export function refuseOverBudget(error: unknown, now: number): never {
  const of = VIOLATED.exec(error instanceof Error ? error.message : '')?.[1];
  if (of !== 'bytes' && of !== 'emails') throw error;
  refuse({ kind: 'rate_limited', of, retryAfterSeconds: Math.ceil((nextDay(now) - now) / 1000) });
}
