import { type AnySQLiteColumn, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { LANGUAGES } from '../../model/language.ts';
import { GOOGLE_SIGN_INS } from '../../model/sign-in/settings.ts';
import { ROLES, type Role } from '../../model/users/role.ts';
import { times } from './times.ts';

/** Column names are role keys with `_` for dots. */
const roleCounts = Object.fromEntries(
  ROLES.map((role) => role.replaceAll('.', '_')).map((name) => [name, integer(name).notNull().default(0)]),
);

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
  disabledCount: integer('disabled_count').notNull().default(0),
  organizationCount: integer('organization_count').notNull().default(0),
  reference: text('reference').notNull().default(''),
  timezone: text('timezone'),
  countryCode: text('country_code'),
  enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
  signedOutAt: integer('signed_out_at').notNull().default(0),
  googleHostedDomain: text('google_hosted_domain'),
  googleSignIn: text('google_sign_in', { enum: GOOGLE_SIGN_INS }).notNull().default('automatic'),
  requireTwoFactor: integer('require_two_factor', { mode: 'boolean' }).notNull().default(false),
  ...times,
  deletedAt: integer('deleted_at'),
  purgedAt: integer('purged_at'),
  mailsReleasedAt: integer('mails_released_at'),
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
  disabledCount: integer('disabled_count').notNull().default(0),
  ...times,
  deletedAt: integer('deleted_at'),
  deletedBy: text('deleted_by'),
  deletedIn: text('deleted_in'),
  deletedAddress: text('deleted_address').notNull().default(''),
  deletedAgent: text('deleted_agent').notNull().default(''),
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
  googleUnlinkedAt: integer('google_unlinked_at'),
  lastLoginAt: integer('last_login_at'),
  jobTitle: text('job_title').notNull().default(''),
  phone: text('phone').notNull().default(''),
  language: text('language', { enum: LANGUAGES }).notNull().default('en'),
  verifiedAt: integer('verified_at'),
  emailVerifiedAt: integer('email_verified_at'),
  preparedScopes: text('prepared_scopes'),
  preparedAt: integer('prepared_at'),
  adminCount: integer('admin_count').notNull().default(0),
  disabled: integer('disabled', { mode: 'boolean' }).notNull().default(false),
  ...times,
});

export const memberships = sqliteTable(
  'memberships',
  {
    userId: text('user_id').notNull(),
    resellerId: text('reseller_id').notNull(),
    roles: text('roles', { mode: 'json' }).$type<Role[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    acceptedAt: integer('accepted_at'),
    disabledAt: integer('disabled_at'),
    lastLoginAt: integer('last_login_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.resellerId] })],
);

export const membershipRefusals = sqliteTable(
  'membership_refusals',
  {
    userId: text('user_id').notNull(),
    resellerId: text('reseller_id').notNull(),
    refusedAt: integer('refused_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.resellerId] })],
);
export const memberCounts = sqliteTable('member_counts', {
  resellerId: text('reseller_id').primaryKey(),
  members: integer('members').notNull().default(0),
  ...roleCounts,
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
