import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ExternalIdentity } from '../../model/sign-in/identity.ts';

export const sessions = sqliteTable('sessions', {
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  endedAt: integer('ended_at'),
  resellerId: text('reseller_id'),
  clientId: text('client_id'),
  scope: text('scope'),
  methods: text('methods', { mode: 'json' }).$type<string[]>().notNull().default([]),
  address: text('address').notNull().default(''),
  userAgent: text('user_agent').notNull().default(''),
  usedAt: integer('used_at').notNull().default(0),
  cookieHash: text('cookie_hash'),
  endReason: text('end_reason'),
  endedBy: text('ended_by'),
  endedIn: text('ended_in'),
  endedAddress: text('ended_address').notNull().default(''),
  endedAgent: text('ended_agent').notNull().default(''),
  endedFrom: text('ended_from'),
  issuedIn: text('issued_in'),
  authenticatedAt: integer('authenticated_at').notNull().default(0),
  countsAtHome: integer('counts_at_home', { mode: 'boolean' }).notNull().default(true),
});

export const refreshTokens = sqliteTable('refresh_tokens', {
  familyHash: text('family_hash').primaryKey(),
  sessionId: text('session_id').notNull(),
  tokenHash: text('token_hash').notNull(),
});

export const signInAttempts = sqliteTable('sign_in_attempts', {
  id: text('id').primaryKey(),
  emailKey: text('email_key').notNull(),
  method: text('method').notNull(),
  address: text('address').notNull(),
  device: text('device'),
  attemptedAt: integer('attempted_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
});

export const knownNetworks = sqliteTable(
  'known_networks',
  {
    userId: text('user_id').notNull(),
    network: text('network').notNull(),
    signedInAt: integer('signed_in_at').notNull(),
  },
  ({ userId, network }) => [primaryKey({ columns: [userId, network] })],
);

export const signInFailures = sqliteTable(
  'sign_in_failures',
  {
    hour: integer('hour').notNull(),
    resellerId: text('reseller_id').notNull(),
    userId: text('user_id').notNull(),
    reason: text('reason').notNull(),
    method: text('method').notNull(),
    network: text('network').notNull(),
    count: integer('count').notNull(),
    firstAt: integer('first_at').notNull(),
    lastAt: integer('last_at').notNull(),
  },
  ({ hour, resellerId, userId, reason, method, network }) => [
    primaryKey({ columns: [hour, resellerId, userId, reason, method, network] }),
  ],
);

export const signInRates = sqliteTable('sign_in_rates', {
  kind: text('kind').primaryKey(),
  minute: integer('minute').notNull(),
  begun: integer('begun').notNull(),
});

export const signInFlows = sqliteTable('sign_in_flows', {
  id: text('id').primaryKey(),
  browserHash: text('browser_hash').notNull(),
  goal: text('goal').notNull(),
  resellerId: text('reseller_id'),
  userId: text('user_id'),
  methods: text('methods', { mode: 'json' }).$type<string[]>().notNull().default([]),
  challenge: text('challenge'),
  sealedSecrets: text('sealed_secrets'),
  identity: text('identity', { mode: 'json' }).$type<ExternalIdentity>(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  finishedAt: integer('finished_at'),
  network: text('network').notNull().default(''),
});

export const authorizationCodes = sqliteTable('authorization_codes', {
  codeHash: text('code_hash').primaryKey(),
  clientId: text('client_id').notNull(),
  userId: text('user_id').notNull(),
  redirectUri: text('redirect_uri').notNull(),
  scope: text('scope').notNull(),
  nonce: text('nonce'),
  codeChallenge: text('code_challenge').notNull(),
  methods: text('methods', { mode: 'json' }).$type<string[]>().notNull(),
  authenticatedAt: integer('authenticated_at').notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  sessionId: text('session_id'),
  usedAt: integer('used_at'),
  issuedIn: text('issued_in'),
});

export const consents = sqliteTable(
  'consents',
  {
    userId: text('user_id').notNull(),
    clientId: text('client_id').notNull(),
    scope: text('scope').notNull(),
    grantedAt: integer('granted_at').notNull(),
    id: text('id').notNull().default(''),
  },
  (table) => [primaryKey({ columns: [table.userId, table.clientId] })],
);
