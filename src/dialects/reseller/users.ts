import * as v from 'valibot';
import { createUser, deleteUser, listOrganizationUsers, updateUserDetails } from '../../domain/users/users.ts';
import { nextLink, presentRows } from '../../http/paging.ts';
import { realmOf, route } from '../../http/routes/route.ts';
import { absent, SENSITIVE_CHANGE_FAILURES } from '../../model/failure.ts';
import { listQuery } from './listing.ts';
import { fromNewUser, fromUserChanges, toUser, toUserId } from './present.ts';
import { CustomerPath, NewUser, User, UserChanges, UserId, UserPath } from './schemas.ts';

const tag = 'Users';
const inCustomer = (resellerId: string, { customer_id: organizationId }: { customer_id: string }) => ({
  resellerId,
  organizationId,
});

export const users = [
  route(
    {
      method: 'POST',
      path: '/customers/:customer_id/users',
      scope: 'reseller:user:create',
      id: 'createUser',
      tag,
      summary: 'Create a user; without a password, an e-mail invites to choose one',
      params: CustomerPath,
      body: NewUser,
      returns: [201, UserId],
      present: toUserId,
      fails: [
        absent('organization'),
        { kind: 'limit_reached', what: 'users' },
        { kind: 'email_taken' },
        ...SENSITIVE_CHANGE_FAILURES,
      ],
      raises: ['reseller.user.created'],
    },
    (caller, { params, body }) => createUser(caller, realmOf(caller), fromNewUser(body, params.customer_id)),
  ),
  route(
    {
      method: 'GET',
      path: '/customers/:customer_id/users',
      scope: 'reseller:user:read',
      id: 'listUsers',
      tag,
      summary: 'List the users of a customer',
      params: CustomerPath,
      query: listQuery,
      returns: [200, v.array(User)],
      present: presentRows(toUser),
      headers: nextLink,
      fails: [absent('organization')],
    },
    (caller, { params, query }) => listOrganizationUsers(caller, realmOf(caller), params.customer_id, query),
  ),
  route(
    {
      method: 'PUT',
      path: '/customers/:customer_id/users/:user_id',
      scope: 'reseller:user:update',
      id: 'updateUser',
      tag,
      summary: 'Update a user; what is left out or null stays',
      params: UserPath,
      body: UserChanges,
      returns: [204],
      present: () => null,
      fails: [absent('organization'), absent('user'), ...SENSITIVE_CHANGE_FAILURES],
      raises: ['reseller.user.updated'],
    },
    (caller, { params, body }) =>
      updateUserDetails(caller, inCustomer(realmOf(caller), params), params.user_id, fromUserChanges(body)),
  ),
  route(
    {
      method: 'DELETE',
      path: '/customers/:customer_id/users/:user_id',
      scope: 'reseller:user:delete',
      id: 'deleteUser',
      tag,
      summary: 'Delete a user',
      params: UserPath,
      returns: [204],
      present: () => null,
      fails: [
        absent('organization'),
        absent('user'),
        { kind: 'grant_refused', scope: 'reseller:user:delete' },
        { kind: 'last_admin' },
        ...SENSITIVE_CHANGE_FAILURES,
      ],
      raises: ['reseller.user.deleted'],
    },
    (caller, { params }) => deleteUser(caller, inCustomer(realmOf(caller), params), params.user_id),
  ),
];
