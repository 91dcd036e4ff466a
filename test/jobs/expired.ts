import { uuidv7 } from 'uuidv7';
import { idPrefixAt } from '../../src/model/id-prefix.ts';
import {
  DEAD_LETTER_RETENTION_MS,
  DELETED_RETENTION_MS,
  DELIVERY_RETENTION_MS,
  KNOWN_NETWORK_MS,
  LINK_RETENTION_MS,
  MAIL_RETENTION_MS,
  SESSION_LIFE_MS,
  TENANT_DAY_RETENTION_MS,
  USER_DAY_RETENTION_MS,
} from '../../src/model/limits/index.ts';
import { rows } from '../support/world.ts';

/** What the rows that are made hang on: each is something that stays. */
export type Hooks = {
  readonly userId: string;
  readonly resellerId: string;
  readonly webhookId: string;
  readonly clientId: string;
};
type Row = Readonly<Record<string, string | number | null>>;
type Maker = {
  readonly table: string;
  readonly key: string;
  /** How long after `ms` the row goes. */
  readonly keptMs: number;
  readonly row: (id: string, ms: number, hooks: Hooks) => Row;
};

/** An id of that time. */
const idOf = (ms: number) => `${idPrefixAt(ms)}${uuidv7().slice(13)}`;
// What is older than that: a millisecond later.
const byId = (keptMs: number) => keptMs + 1;

/** How a row of each kind of the purge looks that began, ran out or was deleted at `ms`. */
export const makers: Readonly<Record<string, Maker>> = {
  idempotencyKeys: {
    table: 'idempotency_keys',
    key: 'key',
    keptMs: 0,
    row: (key, ms) => ({ credential: 'c', key, fingerprint: 'f', status: 201, sealed_body: 's', expires_at: ms }),
  },
  webhookAttempts: {
    table: 'webhook_attempts',
    key: 'id',
    keptMs: byId(DELIVERY_RETENTION_MS),
    row: (id, ms, { webhookId }) => ({
      id,
      delivery_id: 'z',
      endpoint_id: webhookId,
      event_type: 't',
      attempt: 1,
      status: 'delivered',
      attempted_at: ms,
      duration_ms: 1,
      reason: '',
      answer: '',
    }),
  },
  webhookDeliveries: {
    table: 'webhook_deliveries',
    key: 'id',
    keptMs: byId(DELIVERY_RETENTION_MS),
    row: (id, ms, { webhookId }) => ({
      id,
      endpoint_id: webhookId,
      event_type: 't',
      body: 'b',
      state: 'dead',
      created_at: ms,
    }),
  },
  webhookRecoveries: {
    table: 'webhook_recoveries',
    key: 'id',
    keptMs: byId(DELIVERY_RETENTION_MS),
    row: (id, ms, { webhookId }) => ({
      id,
      endpoint_id: webhookId,
      since: 1,
      cursor: 1,
      upto: 1,
      created_at: ms,
      updated_at: ms,
    }),
  },
  emails: {
    table: 'emails',
    key: 'id',
    keptMs: byId(MAIL_RETENTION_MS),
    row: (id, ms, { resellerId }) => ({
      id,
      cause: id,
      template: 'activation',
      language: 'en',
      recipient: 'e',
      recipient_key: 'e',
      reseller_id: resellerId,
      state: 'failed',
      created_at: ms,
    }),
  },
  activations: {
    table: 'activations',
    key: 'token_hash',
    keptMs: LINK_RETENTION_MS,
    row: (id, ms, { userId }) => ({
      user_id: userId,
      purpose: 'activation',
      email_key: 'e',
      token_hash: id,
      created_at: 1,
      expires_at: ms,
    }),
  },
  authorizationCodes: {
    table: 'authorization_codes',
    key: 'code_hash',
    keptMs: SESSION_LIFE_MS,
    row: (id, ms, { userId, clientId }) => ({
      code_hash: id,
      client_id: clientId,
      user_id: userId,
      redirect_uri: 'r',
      scope: '',
      code_challenge: 'c',
      methods: '[]',
      authenticated_at: 1,
      created_at: 1,
      expires_at: ms,
    }),
  },
  sessions: {
    table: 'sessions',
    key: 'id',
    keptMs: 0,
    row: (id, ms, { userId, resellerId }) => ({
      id,
      user_id: userId,
      reseller_id: resellerId,
      created_at: 1,
      expires_at: ms,
      ended_at: 1,
    }),
  },
  signInAttempts: {
    table: 'sign_in_attempts',
    key: 'id',
    keptMs: 0,
    row: (id, ms) => ({ id, email_key: 'e', method: 'pwd', address: 'a', attempted_at: 1, expires_at: ms }),
  },
  knownNetworks: {
    table: 'known_networks',
    key: 'network',
    keptMs: KNOWN_NETWORK_MS,
    row: (network, ms, { userId }) => ({ user_id: userId, network, signed_in_at: ms }),
  },
  signInFlows: {
    table: 'sign_in_flows',
    key: 'id',
    keptMs: 0,
    row: (id, ms) => ({ id, browser_hash: 'b', goal: '{}', created_at: 1, expires_at: ms }),
  },
  revokedTokens: {
    table: 'revoked_tokens',
    key: 'jti',
    keptMs: 0,
    row: (jti, ms) => ({ jti, expires_at: ms }),
  },
  tenantDays: {
    table: 'tenant_days',
    key: 'reseller_id',
    keptMs: TENANT_DAY_RETENTION_MS,
    row: (id, ms) => ({ reseller_id: id, day: ms, bytes: 1, emails: 0 }),
  },
  userDays: {
    table: 'user_days',
    key: 'user_id',
    keptMs: USER_DAY_RETENTION_MS,
    row: (id, ms) => ({ reseller_id: 'r', user_id: id, day: ms, bytes: 1, bytes_limit: 1 }),
  },
  deadLetters: {
    table: 'dead_letters',
    key: 'id',
    keptMs: DEAD_LETTER_RETENTION_MS,
    row: (id, ms) => ({ id, message: '{}', reason: 'r', received_at: ms }),
  },
  organizations: {
    table: 'organizations',
    key: 'id',
    keptMs: DELETED_RETENTION_MS,
    row: (id, ms, { resellerId }) => ({
      id,
      reseller_id: resellerId,
      name: id,
      name_key: id,
      email: '',
      email_key: '',
      description: '',
      allowed_users: -1,
      address_line1: '',
      address_line2: '',
      city: '',
      state: '',
      country: '',
      postal_code: '',
      created_at: 1,
      updated_at: 1,
      deleted_at: ms,
    }),
  },
};

/** A row that is to go at `dueMs`. Gives what identifies it. */
export async function makeDue(kind: string, dueMs: number, hooks: Hooks, fields: Row = {}): Promise<string> {
  const { table, keptMs, row } = makers[kind]!;
  const id = idOf(dueMs - keptMs);
  const all = { ...row(id, dueMs - keptMs, hooks), ...fields };
  await rows(
    `insert into ${table} (${Object.keys(all).join(', ')}) values (${Object.keys(all).fill('?').join(', ')})`,
    ...Object.values(all),
  );
  return id;
}

export async function stands(kind: string, id: string): Promise<boolean> {
  const { table, key } = makers[kind]!;
  return (await rows(`select 1 from ${table} where ${key} = ?`, id)).length > 0;
}
