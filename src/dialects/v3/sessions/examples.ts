import { PASSWORD, stamps } from '../examples.ts';
import { examples as tenants } from '../resellers/examples.ts';

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
export const passkey = {
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
export const membership = {
  resellerId: tenants.Reseller.id,
  resellerName: tenants.Reseller.name,
  roles: ['account.user', 'user.admin'],
  createdAt: stamps.createdAt,
};

export const examples = {
  Session,
  TotpSecret,
  TwoFactorCode: { twoFactorCode: '123456' },
  TwoFactorStart: { twoFactorCode: '123456' },
  TwoFactorProof: { twoFactorRecoveryCode: 'g3m8-x2kd-7q0v-nb5t-4h1c-w9rz' },
  Reauthentication: { password: PASSWORD },
  RecoveryCodes: { recoveryCodes: ['g3m8-x2kd-7q0v-nb5t-4h1c-w9rz'] },
  Passkey: passkey,
  Consent,
  Membership: { ...membership, primary: false, membership: 'pending' },
  PasswordChange: { currentPassword: PASSWORD, newPassword: 'battery staple horse' },
  ResetRequest: { email: 'jane.doe@example.com' },
  ResetToken: { resetPasswordToken: '8Jq0nXyH3vT5m2Zk7Rw1cLs9bUe4dGf6aPiYoKtVhQM' },
  PasswordReset: { token: '8Jq0nXyH3vT5m2Zk7Rw1cLs9bUe4dGf6aPiYoKtVhQM', newPassword: 'battery staple horse' },
};
