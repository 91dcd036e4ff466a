import { time } from '../examples.ts';

export const ACCOUNT_ID = '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b34';
const NewAccount = {
  name: 'Example Reseller',
  description: 'Sells in the north',
  reference: 'R-1001',
  timezone: 'Europe/Berlin',
  countryCode: 'DE',
  enabled: true,
};
const NewBranding = {
  productName: 'Example Cloud',
  logoUrl: 'https://www.example.com/logo.png',
  primaryColor: '#aa3300',
  supportEmail: 'help@example.com',
  senderName: 'Example Team',
};

export const examples = {
  NewAccount,
  Account: { id: ACCOUNT_ID, ...NewAccount, dateCreated: time, parentTenantId: null, dateDeleted: null },
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
  updateAccount: [
    { op: 'replace', path: '/enabled', value: true },
    { op: 'replace', path: '/reference', value: 'R-1002' },
    { op: 'replace', path: '/timezone', value: 'Europe/Zurich' },
  ],
  NewBranding,
  Branding: NewBranding,
};
