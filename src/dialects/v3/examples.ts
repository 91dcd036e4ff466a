const stamps = { createdAt: '2019-08-24T14:15:22.000Z', updatedAt: '2019-08-24T14:15:22.000Z' };

const NewReseller = {
  name: 'Example Resale',
  email: 'office@example.com',
  description: 'Sells in the north.',
  allowedUsers: 100,
  allowedOrganizations: -1,
};
const NewOrganization = {
  name: 'Example Customer',
  email: 'it@example.com',
  description: '',
  allowedUsers: 25,
  address: {
    addressLine1: '1 Main Street',
    addressLine2: '',
    city: 'Springfield',
    state: 'OR',
    country: 'US',
    postalCode: '97477',
  },
};
const NewUser = {
  firstName: 'Jane',
  lastName: 'Doe',
  email: 'jane.doe@example.com',
  role: 'user',
  company: 'Example Customer',
  organizationId: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b34',
  allowCustomerPortalAccess: true,
  password: 'correct horse battery',
};
const NewWebhook = {
  name: 'Directory sync',
  url: 'https://example.com/hooks',
  token: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  enabled: true,
  events: ['reseller.user.created', 'reseller.user.deleted'],
};

const Reseller = { id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b33', ...stamps, ...NewReseller };
const Organization = { id: NewUser.organizationId, ...stamps, ...NewOrganization };
const { allowCustomerPortalAccess: _, password: __, ...shown } = NewUser;
const User = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b35',
  ...stamps,
  name: 'Jane Doe',
  ...shown,
  twoFactorEnabled: false,
  googleSsoEnabled: false,
  lastLoginAt: null,
  organization: Organization,
};
const { token, ...webhook } = NewWebhook;
const Webhook = { id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b36', ...stamps, ...webhook, status: 'healthy' };

const subject = {
  webhookId: Webhook.id,
  event: 'reseller.user.created',
  eventId: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b37',
};
const WebhookDelivery = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b38',
  createdAt: stamps.createdAt,
  ...subject,
  status: 'pending',
  attempts: 0,
  nextAttemptAt: stamps.createdAt,
};
const EventLog = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b39',
  createdAt: stamps.createdAt,
  ...subject,
  deliveryId: WebhookDelivery.id,
  attempt: 1,
  status: 'failed',
  statusCode: 503,
  durationMs: 87,
  reason: 'answered 503',
  response: 'Back in a minute.',
  nextAttemptAt: '2019-08-24T14:15:27.412Z',
};
const Recovery = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b3a',
  createdAt: stamps.createdAt,
  webhookId: Webhook.id,
  since: '2019-08-20T00:00:00.000Z',
  status: 'running',
  found: 41,
  queued: 12,
  delivered: 28,
  failed: 1,
};

const Session = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b3b',
  createdAt: stamps.createdAt,
  lastUsedAt: stamps.createdAt,
  expiresAt: '2019-09-23T14:15:22.000Z',
  application: false,
  clientId: null,
  clientName: null,
  methods: ['pwd', 'otp'],
  address: '192.0.2.1',
  userAgent: 'Mozilla/5.0',
  current: true,
};
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const TotpSecret = {
  secret,
  otpauthUri: `otpauth://totp/Acme:jane.doe%40example.com?issuer=Acme&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
};
const Passkey = {
  id: 'kZBnnDnP3wTg1q0dZk0jXw',
  name: 'Laptop',
  createdAt: stamps.createdAt,
  lastUsedAt: null,
  backedUp: true,
};

const Consent = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b3d',
  clientId: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b3c',
  clientName: 'Planner',
  scopes: ['openid', 'reseller:user:read'],
  grantedAt: stamps.createdAt,
};
const Belonging = {
  resellerId: Reseller.id,
  resellerName: Reseller.name,
  roles: ['account.user', 'user.admin'],
  createdAt: stamps.createdAt,
};
const Membership = { ...Belonging, primary: false, membership: 'pending' };

/** One example for each named schema of v3; a test parses each by its schema. */
export const examples = {
  Login: { accountAlias: NewReseller.name, email: NewUser.email, password: NewUser.password },
  LoginTokens: { accessToken: 'eyJhbGciOi…', refreshToken: 'q8Xr…', expiresIn: 900 },
  NewSignInSettings: { googleHostedDomain: 'example.com', googleSignIn: 'automatic', requireTwoFactor: false },
  SignInSettings: { googleHostedDomain: 'example.com', googleSignIn: 'automatic', requireTwoFactor: false },
  NewReseller,
  ResellerChanges: { allowedUsers: 200 },
  Reseller,
  NewOrganization,
  OrganizationChanges: { address: { city: 'Eugene' } },
  Organization,
  NewUser,
  UserChanges: { role: 'organization-admin' },
  User,
  NewWebhook,
  WebhookChanges: { enabled: false },
  Webhook,
  WebhookWithToken: { ...Webhook, token },
  TokenRotation: { token },
  WebhookTest: { event: 'reseller.user.created' },
  RecoveryStart: { since: '2019-08-20T00:00:00Z' },
  WebhookDelivery,
  EventLog,
  EventType: {
    event: 'reseller.deleted',
    schema: { type: 'object' },
    example: { event: 'reseller.deleted', data: Reseller, triggeredAt: stamps.createdAt },
  },
  Recovery,
  Session,
  TotpSecret,
  TwoFactorCode: { twoFactorCode: '123456' },
  TwoFactorStart: { twoFactorCode: '123456' },
  TwoFactorProof: { twoFactorRecoveryCode: 'g3m8-x2kd-7q0v-nb5t-4h1c-w9rz' },
  Reproof: { password: NewUser.password },
  RecoveryCodes: { recoveryCodes: ['g3m8-x2kd-7q0v-nb5t-4h1c-w9rz'] },
  Passkey,
  Consent,
  Membership,
  OwnData: {
    profile: {
      ...User,
      resellerId: Reseller.id,
      jobTitle: '',
      phone: '',
      language: 'en',
      allowCustomerPortalAccess: true,
      hasPassword: true,
      activatedAt: stamps.createdAt,
      emailVerifiedAt: stamps.createdAt,
    },
    memberships: [{ ...Belonging, acceptedAt: stamps.createdAt, disabledAt: null }],
    sessions: [],
    networks: [{ network: '192.0.2.44', lastSignInAt: stamps.createdAt }],
    passkeys: [{ name: Passkey.name, createdAt: Passkey.createdAt, lastUsedAt: null }],
    identities: [{ issuer: 'https://accounts.google.com', email: NewUser.email, linkedAt: stamps.createdAt }],
    consents: [],
    auditLog: [],
  },
  PasswordChange: { currentPassword: NewUser.password, newPassword: 'battery staple horse' },
  ResetRequest: { email: NewUser.email },
  ResetToken: { resetPasswordToken: '8Jq0nXyH3vT5m2Zk7Rw1cLs9bUe4dGf6aPiYoKtVhQM' },
  PasswordReset: { token: '8Jq0nXyH3vT5m2Zk7Rw1cLs9bUe4dGf6aPiYoKtVhQM', newPassword: 'battery staple horse' },
  AuditEntry: {
    id: '01f0c3a4-0b7e-7c1d-9e2f-3a4b5c6d7e8f',
    occurredAt: stamps.createdAt,
    type: 'client.created',
    actor: 'client:01f0c3a4-0b7e-7c1d-9e2f-3a4b5c6d7e90',
    subject: '01f0c3a4-0b7e-7c1d-9e2f-3a4b5c6d7e91',
    resellerId: Reseller.id,
    requestId: 'req-1',
    address: '192.0.2.1',
    userAgent: 'curl/8.5.0',
    before: null,
    after: { name: 'Back office', scopes: ['reseller:user:read'] },
    hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  Job: {
    name: 'purge',
    schedule: '* * * * *',
    running: false,
    lastStartedAt: stamps.createdAt,
    lastFinishedAt: '2019-08-24T14:15:24.914Z',
    lastSucceededAt: '2019-08-24T14:15:24.914Z',
    durationMs: 2502,
    counts: { idempotencyKeys: 4100, webhookAttempts: 900 },
    more: false,
    failures: [],
    lag: 12,
  },
  ErrorBody: { message: 'User not found.', code: 'USER_NOT_FOUND' },
};
