import { PASSWORD, stamps } from '../examples.ts';
import { examples as tenants } from '../resellers/examples.ts';
import { membership, passkey } from '../sessions/examples.ts';

const NewUser = {
  firstName: 'Jane',
  lastName: 'Doe',
  email: 'jane.doe@example.com',
  role: 'user',
  company: 'Example Customer',
  organizationId: tenants.Organization.id,
  allowCustomerPortalAccess: true,
  password: PASSWORD,
};
const { allowCustomerPortalAccess: _, password: __, ...shown } = NewUser;
const User = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b35',
  ...stamps,
  name: 'Jane Doe',
  ...shown,
  twoFactorEnabled: false,
  googleSsoEnabled: false,
  lastLoginAt: null,
  organization: tenants.Organization,
};

export const examples = {
  NewUser,
  UserChanges: { role: 'organization-admin' },
  User,
  OwnData: {
    profile: {
      ...User,
      resellerId: tenants.Reseller.id,
      jobTitle: '',
      phone: '',
      language: 'en',
      allowCustomerPortalAccess: true,
      hasPassword: true,
      activatedAt: stamps.createdAt,
      emailVerifiedAt: stamps.createdAt,
    },
    memberships: [{ ...membership, acceptedAt: stamps.createdAt, disabledAt: null }],
    sessions: [],
    networks: [{ network: '192.0.2.44', lastSignInAt: stamps.createdAt }],
    passkeys: [{ name: passkey.name, createdAt: passkey.createdAt, lastUsedAt: null }],
    identities: [{ issuer: 'https://accounts.google.com', email: NewUser.email, linkedAt: stamps.createdAt }],
    consents: [],
    auditLog: [],
  },
};
