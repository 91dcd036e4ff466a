export const stamps = { createdAt: '2019-08-24T14:15:22.000Z', updatedAt: '2019-08-24T14:15:22.000Z' };
export const PASSWORD = 'correct horse battery';

export const examples = { ErrorBody: { message: 'User not found.', code: 'USER_NOT_FOUND' } };
