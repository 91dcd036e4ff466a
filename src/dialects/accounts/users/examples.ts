import { ACCOUNT_ID } from '../resellers/examples.ts';

const NewUser = { email: 'jane.doe@example.com', displayName: 'Jane Doe', roles: ['user.admin'] };

export const examples = {
  NewUser,
  User: {
    id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b35',
    displayName: NewUser.displayName,
    email: NewUser.email,
    roles: ['account.user', 'user.admin'],
    primaryTenant: ACCOUNT_ID,
  },
  updateUser: [
    { op: 'replace', path: '/displayName', value: 'Jane Roe' },
    { op: 'add', path: '/roles/-', value: 'account.service.status' },
  ],
};
