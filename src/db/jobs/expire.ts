import { sql } from 'drizzle-orm';
import { idPrefixAt } from '../../model/id-prefix.ts';
import {
  AUDIT_RETENTION_MS,
  DEAD_LETTER_RETENTION_MS,
  DELIVERY_RETENTION_MS,
  KNOWN_NETWORK_MS,
  LINK_RETENTION_MS,
  MAIL_RETENTION_MS,
  PURGE_ROWS,
  REFUSAL_COOLDOWN_MS,
  SESSION_LIFE_MS,
  TENANT_DAY_RETENTION_MS,
  USER_DAY_RETENTION_MS,
} from '../../model/limits/index.ts';
import { auditedEvents } from '../events/expire-events.ts';
import {
  activations,
  authorizationCodes,
  deadLetters,
  emails,
  idempotencyKeys,
  knownNetworks,
  membershipRefusals,
  revokedTokens,
  sessions,
  signInAttempts,
  signInFlows,
  tenantDays,
  userDays,
  webhookAttempts,
} from '../schema/index.ts';
import type { Db } from '../sql/statement.ts';
import { deletedEndpoints, deletedOrganizations, purgedResellers, rotatedTokens } from './expire-deleted.ts';
import { deliveryRetention, recoveryRetention } from './expire-deliveries.ts';
import { type RetentionAge, type RetentionRule, retainFor, retainUntil } from './expiry.ts';

const ofWebhooks = (column: string): RetentionAge => ({
  before: 'deliveriesBefore',
  column,
  retentionMs: DELIVERY_RETENTION_MS,
});
// Pending mails may wait for their reseller to be enabled.
const ofMails: RetentionAge = {
  before: 'mailsBefore',
  column: 'created_at',
  retentionMs: MAIL_RETENTION_MS,
  among: sql`old.state <> 'pending'`,
};

/** Keys are reported. Dependent rows come before their parents. */
export const RETENTION_RULES: Readonly<Record<string, RetentionRule>> = {
  idempotencyKeys: retainUntil(idempotencyKeys, 'credential, key', 'expires_at'),
  webhookAttempts: retainFor(webhookAttempts, ofWebhooks('attempted_at')),
  webhookDeliveries: deliveryRetention(ofWebhooks('created_at')),
  webhookRecoveries: recoveryRetention(ofWebhooks('created_at')),
  webhookEndpoints: deletedEndpoints,
  rotatedTokens,
  events: auditedEvents,
  emails: retainFor(emails, ofMails),
  activations: retainUntil(activations, 'seq', 'expires_at', LINK_RETENTION_MS),
  authorizationCodes: retainUntil(authorizationCodes, 'code_hash', 'expires_at', SESSION_LIFE_MS),
  sessions: retainUntil(sessions, 'id', 'expires_at'),
  knownNetworks: retainUntil(knownNetworks, 'user_id, network', 'signed_in_at', KNOWN_NETWORK_MS),
  signInAttempts: retainUntil(signInAttempts, 'id', 'expires_at'),
  signInFlows: retainUntil(signInFlows, 'id', 'expires_at'),
  revokedTokens: retainUntil(revokedTokens, 'jti', 'expires_at'),
  membershipRefusals: retainUntil(membershipRefusals, 'user_id, reseller_id', 'refused_at', REFUSAL_COOLDOWN_MS),
  tenantDays: retainUntil(tenantDays, 'day, reseller_id', 'day', TENANT_DAY_RETENTION_MS),
  userDays: retainUntil(userDays, 'day, reseller_id, user_id', 'day', USER_DAY_RETENTION_MS),
  deadLetters: retainUntil(deadLetters, 'id', 'received_at', DEAD_LETTER_RETENTION_MS),
  organizations: deletedOrganizations,
  resellers: purgedResellers,
};

export function retentionValues(now: number) {
  return {
    now,
    rows: PURGE_ROWS,
    deliveriesBefore: idPrefixAt(now - DELIVERY_RETENTION_MS),
    eventsBefore: idPrefixAt(now - AUDIT_RETENTION_MS),
    mailsBefore: idPrefixAt(now - MAIL_RETENTION_MS),
  };
}

export async function expireChunk(
  db: Db,
  { ahead = [], drop }: RetentionRule,
  now: number,
): Promise<{ readonly rows: number; readonly more: boolean }> {
  const results = await db.batch([...ahead, ...drop].map((make) => make(db, retentionValues(now))));
  const changes = results.slice(ahead.length).map(({ meta }) => meta.changes);
  return {
    rows: changes.reduce((sum, rows) => sum + rows, 0),
    more: changes.some((rows) => rows >= PURGE_ROWS),
  };
}
