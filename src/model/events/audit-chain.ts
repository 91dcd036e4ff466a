/** Immutable, in hashing order. */
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

export type ChainHead = { readonly seq: number; readonly hash: string };

export type SealedValues = readonly unknown[];

const encoder = new TextEncoder();

/** Hex SHA-256 over the JSON array of the previous seal and the values. */
export async function computeSeal(previous: string, values: SealedValues): Promise<string> {
  const bytes = encoder.encode(JSON.stringify([previous, ...values]));
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
