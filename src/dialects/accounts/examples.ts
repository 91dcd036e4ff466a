export const time = '2026-01-01T10:00:00.0000000Z';

export const examples = {
  JsonPatch: [{ op: 'replace', path: '/displayName', value: 'Jane Roe' }],
  ErrorBody: {
    error: 400,
    message: 'This is not the primary tenant for this User.',
    errorCode: 'TenantNotPrimary',
    status: 'error',
    timestamp: time,
  },
};
