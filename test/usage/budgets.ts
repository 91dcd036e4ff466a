import { env } from 'cloudflare:workers';
import { readEnv } from '../../src/env.ts';
import { startOfDay } from '../../src/model/usage/budgets.ts';
import { rows } from '../support/world.ts';

type Day = { bytes: number; emails: number; bytes_limit: number | null; emails_limit: number | null };

/** What a tenant has used today. */
export async function usedBy(resellerId: string): Promise<Day> {
  const today = await rows<Day>(
    'select bytes, emails, bytes_limit, emails_limit from tenant_days where reseller_id = ? and day = ?',
    resellerId,
    startOfDay(Date.now()),
  );
  return today[0] ?? { bytes: 0, emails: 0, bytes_limit: null, emails_limit: null };
}

/** Has a tenant use as much more today as leaves it this: nothing unless given. */
export async function useUp(resellerId: string, left: { bytes?: number; emails?: number }): Promise<void> {
  const { bytesPerDay, emailsPerDay } = readEnv(env).budgets;
  const used = await usedBy(resellerId);
  await rows(
    'insert or replace into tenant_days (day, reseller_id, bytes, emails) values (?, ?, ?, ?)',
    startOfDay(Date.now()),
    resellerId,
    left.bytes === undefined ? used.bytes : bytesPerDay - left.bytes,
    left.emails === undefined ? used.emails : emailsPerDay - left.emails,
  );
}
