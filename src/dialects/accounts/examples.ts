const NewUser = { email: 'jane.doe@example.com', displayName: 'Jane Doe', roles: ['user.admin'] };

/** One of each named schema, for the documentation and the tests. */
export const examples = {
  NewUser,
  User: {
    id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b35',
    displayName: NewUser.displayName,
    email: NewUser.email,
    roles: ['account.user', 'user.admin'],
    primaryTenant: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b34',
  },
  UserPatch: [
    { op: 'replace', path: '/displayName', value: 'Jane Roe' },
    { op: 'add', path: '/roles/-', value: 'branding.admin' },
  ],
  ErrorBody: {
    error: 400,
    message: 'This is not the primary tenant for this User.',
    errorCode: 'TenantNotPrimary',
    status: 'error',
    timestamp: '2026-01-01T10:00:00.0000000Z',
  },
};
