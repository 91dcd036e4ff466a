import { type AnySQLiteColumn, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { EMAIL_TEMPLATES } from '../model/email.ts';
import { LANGUAGES } from '../model/language.ts';

/**
 * The tables as the migrations make them (STRICT, with the CHECKs, triggers and partial indexes that drizzle cannot
 * say); a test compares the two. Times are milliseconds since the epoch. `*_key` columns hold the folded form by which
 * names and addresses are compared, searched and sorted.
 */
const times = { createdAt: integer('created_at').notNull(), updatedAt: integer('updated_at').notNull() };

export const resellers = sqliteTable('resellers', {
  id: text('id').primaryKey(),
  parentId: text('parent_id').references((): AnySQLiteColumn => resellers.id),
  name: text('name').notNull(),
  nameKey: text('name_key').notNull(),
  email: text('email').notNull(),
  emailKey: text('email_key').notNull(),
  description: text('description').notNull(),
  allowedUsers: integer('allowed_users').notNull(),
  allowedOrganizations: integer('allowed_organizations').notNull(),
  userCount: integer('user_count').notNull().default(0),
  organizationCount: integer('organization_count').notNull().default(0),
  ...times,
  deletedAt: integer('deleted_at'),
});

export const organizations = sqliteTable('organizations', {
  id: text('id').primaryKey(),
  resellerId: text('reseller_id').notNull(),
  name: text('name').notNull(),
  nameKey: text('name_key').notNull(),
  email: text('email').notNull(),
  emailKey: text('email_key').notNull(),
  description: text('description').notNull(),
  allowedUsers: integer('allowed_users').notNull(),
  addressLine1: text('address_line1').notNull(),
  addressLine2: text('address_line2').notNull(),
  city: text('city').notNull(),
  state: text('state').notNull(),
  country: text('country').notNull(),
  postalCode: text('postal_code').notNull(),
  companyName: text('company_name').notNull().default(''),
  industry: text('industry').notNull().default(''),
  sector: text('sector').notNull().default(''),
  numberOfEmployees: integer('number_of_employees'),
  secrecyApplies: integer('secrecy_applies', { mode: 'boolean' }).notNull().default(false),
  sensitiveAttributes: text('sensitive_attributes').notNull().default(''),
  technicalInterface: integer('technical_interface', { mode: 'boolean' }).notNull().default(false),
  userCount: integer('user_count').notNull().default(0),
  ...times,
  deletedAt: integer('deleted_at'),
  deletedBy: text('deleted_by'),
  deletedIn: text('deleted_in'),
});

export const users = sqliteTable('users', {
  id: text('id').primaryKey(),
  resellerId: text('reseller_id').notNull(),
  organizationId: text('organization_id'),
  firstName: text('first_name').notNull(),
  lastName: text('last_name').notNull(),
  nameKey: text('name_key').notNull(),
  email: text('email').notNull(),
  emailKey: text('email_key').notNull(),
  role: text('role').notNull(),
  company: text('company').notNull(),
  allowCustomerPortalAccess: integer('allow_customer_portal_access', { mode: 'boolean' }).notNull(),
  passwordHash: text('password_hash'),
  twoFactorEnabled: integer('two_factor_enabled', { mode: 'boolean' }).notNull().default(false),
  googleSsoEnabled: integer('google_sso_enabled', { mode: 'boolean' }).notNull().default(false),
  lastLoginAt: integer('last_login_at'),
  jobTitle: text('job_title').notNull().default(''),
  phone: text('phone').notNull().default(''),
  language: text('language', { enum: LANGUAGES }).notNull().default('en'),
  verifiedAt: integer('verified_at'),
  ...times,
});

export const brandings = sqliteTable('brandings', {
  resellerId: text('reseller_id').primaryKey(),
  productName: text('product_name'),
  logoUrl: text('logo_url'),
  primaryColor: text('primary_color'),
  supportEmail: text('support_email'),
  senderName: text('sender_name'),
  updatedAt: integer('updated_at').notNull(),
});

export const sessions = sqliteTable('sessions', {
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  endedAt: integer('ended_at'),
});

export const activations = sqliteTable('activations', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  userId: text('user_id').notNull(),
  purpose: text('purpose', { enum: ['activation', 'password-reset'] }).notNull(),
  emailKey: text('email_key').notNull(),
  tokenHash: text('token_hash').notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  sentAt: integer('sent_at'),
  usedAt: integer('used_at'),
});

export const emails = sqliteTable('emails', {
  id: text('id').primaryKey(),
  cause: text('cause').notNull(),
  template: text('template', { enum: EMAIL_TEMPLATES }).notNull(),
  language: text('language', { enum: LANGUAGES }).notNull(),
  recipient: text('recipient').notNull(),
  recipientKey: text('recipient_key').notNull(),
  resellerId: text('reseller_id').notNull(),
  userId: text('user_id'),
  eventId: text('event_id'),
  state: text('state', { enum: ['pending', 'sent', 'failed', 'dropped'] }).notNull(),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: integer('next_attempt_at'),
  lease: text('lease'),
  providerId: text('provider_id'),
  reason: text('reason').notNull().default(''),
  createdAt: integer('created_at').notNull(),
  settledAt: integer('settled_at'),
});

export const apiClients = sqliteTable('api_clients', {
  id: text('id').primaryKey(),
  resellerId: text('reseller_id'),
  name: text('name').notNull(),
  secretHash: text('secret_hash').notNull(),
  scopes: text('scopes').notNull(),
  createdAt: integer('created_at').notNull(),
  revokedAt: integer('revoked_at'),
});

export const revokedTokens = sqliteTable('revoked_tokens', {
  jti: text('jti').primaryKey(),
  expiresAt: integer('expires_at').notNull(),
});

export const events = sqliteTable('events', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  id: text('id').notNull(),
  resellerId: text('reseller_id'),
  type: text('type').notNull(),
  actor: text('actor').notNull(),
  subject: text('subject').notNull(),
  before: text('before'),
  after: text('after'),
  requestId: text('request_id').notNull(),
  occurredAt: integer('occurred_at').notNull(),
  relayAt: integer('relay_at'),
  relays: integer('relays').notNull().default(0),
  body: text('body'),
});

export const webhookEndpoints = sqliteTable('webhook_endpoints', {
  id: text('id').primaryKey(),
  resellerId: text('reseller_id'),
  name: text('name').notNull(),
  nameKey: text('name_key').notNull(),
  url: text('url').notNull(),
  sealedToken: text('sealed_token').notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  events: text('events', { mode: 'json' }).$type<string[]>().notNull(),
  status: text('status', { enum: ['healthy', 'unhealthy', 'suspended'] }).notNull(),
  afterSeq: integer('after_seq').notNull(),
  ...times,
  lease: text('lease'),
  leasedUntil: integer('leased_until').notNull().default(0),
  failingSince: integer('failing_since'),
  missedSince: integer('missed_since'),
  sealedOldToken: text('sealed_old_token'),
  oldTokenUntil: integer('old_token_until'),
  deletedAt: integer('deleted_at'),
});

export const webhookRecoveries = sqliteTable('webhook_recoveries', {
  id: text('id').primaryKey(),
  endpointId: text('endpoint_id').notNull(),
  since: integer('since').notNull(),
  cursor: integer('cursor').notNull(),
  upto: integer('upto').notNull(),
  ...times,
});

export const webhookDeliveries = sqliteTable('webhook_deliveries', {
  id: text('id').primaryKey(),
  eventId: text('event_id'),
  endpointId: text('endpoint_id').notNull(),
  eventType: text('event_type').notNull(),
  body: text('body'),
  state: text('state', { enum: ['pending', 'delivered', 'dead'] }).notNull(),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: integer('next_attempt_at'),
  lease: text('lease'),
  recoveryId: text('recovery_id'),
  createdAt: integer('created_at').notNull(),
  settledAt: integer('settled_at'),
});

export const webhookAttempts = sqliteTable('webhook_attempts', {
  id: text('id').primaryKey(),
  deliveryId: text('delivery_id').notNull(),
  endpointId: text('endpoint_id').notNull(),
  resellerId: text('reseller_id'),
  eventId: text('event_id'),
  eventType: text('event_type').notNull(),
  attempt: integer('attempt').notNull(),
  status: text('status', { enum: ['delivered', 'failed'] }).notNull(),
  attemptedAt: integer('attempted_at').notNull(),
  durationMs: integer('duration_ms').notNull(),
  statusCode: integer('status_code'),
  reason: text('reason').notNull(),
  answer: text('answer').notNull(),
  nextAttemptAt: integer('next_attempt_at'),
});

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    credential: text('credential').notNull(),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    status: integer('status').notNull(),
    sealedBody: text('sealed_body').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.credential, table.key] })],
);

export const deadLetters = sqliteTable('dead_letters', {
  id: text('id').primaryKey(),
  message: text('message').notNull(),
  reason: text('reason').notNull(),
  receivedAt: integer('received_at').notNull(),
});

export const jobs = sqliteTable('jobs', {
  name: text('name').primaryKey(),
  leasedUntil: integer('leased_until').notNull(),
});
