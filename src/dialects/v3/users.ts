import * as v from 'valibot';
import { createUser, deleteUser, getUser, listUsers, updateUserDetails } from '../../domain/users.ts';
import { route } from '../../http/route.ts';
import { listQuery, nextLink, pageOf } from './listing.ts';
import { toUser } from './present.ts';
import { NewUser, ResellerPath, User, UserChanges, UserPath } from './schemas.ts';

const tag = 'Users';
const noReseller = { kind: 'not_found', what: 'reseller' } as const;
const noOrganization = { kind: 'not_found', what: 'organization' } as const;
const noUser = { kind: 'not_found', what: 'user' } as const;
const full = { kind: 'limit_reached', what: 'users' } as const;
const query = listQuery({
  texts: ['id', 'name', 'email', 'role', 'organizationId'],
  times: ['createdAt', 'updatedAt', 'lastSeenAt'],
  sorts: ['createdAt', 'updatedAt', 'name', 'email'],
});

export const users = [
  route(
    {
      method: 'POST',
      path: '/resellers/:resellerId/users',
      scope: 'reseller:user:create',
      id: 'createUser',
      tag,
      summary: 'Create a reseller user',
      params: ResellerPath,
      body: NewUser,
      returns: [201, User],
      present: toUser,
      fails: [noReseller, noOrganization, full, { kind: 'email_taken' }],
      raises: ['reseller.user.created'],
    },
    (call, { params, body }) => createUser(call, params.resellerId, body),
  ),
  route(
    {
      method: 'GET',
      path: '/resellers/:resellerId/users',
      scope: 'reseller:user:read',
      id: 'listUsers',
      tag,
      summary: 'List the users of a reseller',
      params: ResellerPath,
      query,
      returns: [200, v.array(User)],
      present: pageOf(toUser),
      headers: nextLink,
      fails: [noReseller],
    },
    (call, { params, query }) => listUsers(call, params.resellerId, query),
  ),
  route(
    {
      method: 'GET',
      path: '/resellers/:resellerId/users/:userId',
      scope: 'reseller:user:read',
      id: 'getUser',
      tag,
      summary: 'Get a user',
      params: UserPath,
      returns: [200, User],
      present: toUser,
      fails: [noReseller, noUser],
    },
    (call, { params }) => getUser(call, params.resellerId, params.userId),
  ),
  route(
    {
      method: 'PATCH',
      path: '/resellers/:resellerId/users/:userId',
      scope: 'reseller:user:update',
      id: 'updateUser',
      tag,
      summary: 'Update a user; fields left out stay',
      params: UserPath,
      body: UserChanges,
      returns: [200, User],
      present: toUser,
      fails: [noReseller, noOrganization, noUser, full, { kind: 'email_taken' }],
      raises: ['reseller.user.updated'],
    },
    (call, { params, body }) => updateUserDetails(call, params.resellerId, params.userId, body),
  ),
  route(
    {
      method: 'DELETE',
      path: '/resellers/:resellerId/users/:userId',
      scope: 'reseller:user:delete',
      id: 'deleteUser',
      tag,
      summary: 'Delete a user',
      params: UserPath,
      returns: [204],
      present: () => null,
      fails: [noReseller, noUser],
      raises: ['reseller.user.deleted'],
    },
    (call, { params }) => deleteUser(call, params.resellerId, params.userId),
  ),
];
