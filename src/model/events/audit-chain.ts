/** The columns of a row of the audit log that never change, in the order in which they are hashed. */
export const SEALED_COLUMNS = [
  'seq',
  'id',
  'reseller_id',
  'type',
  'actor',
  'subject',
  'before',
  'after',
  'request_id',
  'occurred_at',
  'address',
  'user_agent',
  'audit_only',
] as const;

/** A sealed row, and its seal, which stands for all rows up to it. */
export type Head = { readonly seq: number; readonly hash: string };

/** The values of these columns as SQLite has them. */
export type SealedValues = readonly unknown[];

const encoder = new TextEncoder();

/**
 * What seals a row: SHA-256, in hexadecimal, of the JSON array of the seal before it (empty before the first) and the row's
 * values. So every seal stands for all rows up to its own.
 */
export async function sealOf(previous: string, values: SealedValues): Promise<string> {
  const bytes = encoder.encode(JSON.stringify([previous, ...values]));
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
