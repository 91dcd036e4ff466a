/** The request example of "Create a reseller user". */
export const exampleUser = {
  firstName: 'string',
  lastName: 'string',
  email: 'user@example.com',
  role: 'string',
  company: 'string',
  organizationId: 'string',
  allowCustomerPortalAccess: true,
  password: 'stringst',
};

const stamps = ['id', 'createdAt', 'updatedAt'];

/** The fields of its reply and of the webhook's `data`, level by level. */
export const userFields = [
  ...stamps,
  ...['name', 'firstName', 'lastName', 'email', 'role', 'twoFactorEnabled', 'googleSsoEnabled', 'lastLoginAt'],
  ...['organizationId', 'organization', 'company'],
];
export const organizationFields = [...stamps, 'name', 'email', 'description', 'allowedUsers', 'address'];
export const addressFields = ['addressLine1', 'addressLine2', 'city', 'state', 'country', 'postalCode'];
