const accountId = '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b34';
const time = '2026-01-01T10:00:00.0000000Z';
const NewAccount = {
  name: 'Example Reseller',
  description: 'Sells in the north',
  reference: 'R-1001',
  timezone: 'Europe/Berlin',
  countryCode: 'DE',
  enabled: true,
};
const NewUser = { email: 'jane.doe@example.com', displayName: 'Jane Doe', roles: ['user.admin'] };
const NewBranding = {
  productName: 'Example Cloud',
  logoUrl: 'https://www.example.com/logo.png',
  primaryColor: '#aa3300',
  supportEmail: 'help@example.com',
  senderName: 'Example Team',
};
const NewClient = {
  name: 'Billing',
  scopes: ['reseller:user:read'],
  redirectUris: ['https://billing.example.com/callback'],
};
const Client = { id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b36', ...NewClient, dateCreated: time };
const secret = 'x9w0v1u2t3s4r5q6p7o8n9m0l1k2j3i4h5g6f7e8d9c';

/** One of each named schema, and of the patches that an operation takes, for the documentation and the tests. */
export const examples = {
  NewAccount,
  Account: { id: accountId, ...NewAccount, dateCreated: time, parentTenantId: null, dateDeleted: null },
  Metrics: {
    users: 2,
    usersByRole: {
      'account.user': 2,
      'user.admin': 1,
      'account.service.status': 1,
      'account.storage.admin': 0,
      'branding.admin': 0,
      'customer.admin': 1,
      'onboarding.admin': 0,
      'webhooks.admin': 0,
    },
    customers: 12,
    dateCreated: time,
    dateUpdated: time,
    dateLastUserCreated: time,
    dateLastCustomerCreated: null,
  },
  NewUser,
  User: {
    id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b35',
    displayName: NewUser.displayName,
    email: NewUser.email,
    roles: ['account.user', 'user.admin'],
    primaryTenant: accountId,
  },
  JsonPatch: [{ op: 'replace', path: '/displayName', value: 'Jane Roe' }],
  updateAccount: [
    { op: 'replace', path: '/enabled', value: true },
    { op: 'replace', path: '/reference', value: 'R-1002' },
    { op: 'replace', path: '/timezone', value: 'Europe/Zurich' },
  ],
  updateUser: [
    { op: 'replace', path: '/displayName', value: 'Jane Roe' },
    { op: 'add', path: '/roles/-', value: 'account.service.status' },
  ],
  updateClient: [
    { op: 'replace', path: '/name', value: 'Accounting' },
    { op: 'add', path: '/redirectUris/-', value: 'com.example.billing:/callback' },
  ],
  NewBranding,
  Branding: NewBranding,
  NewClient,
  Client,
  ClientWithSecret: { ...Client, secret, apiKey: `${Client.id}.${secret}` },
  ErrorBody: {
    error: 400,
    message: 'This is not the primary tenant for this User.',
    errorCode: 'TenantNotPrimary',
    status: 'error',
    timestamp: time,
  },
};
