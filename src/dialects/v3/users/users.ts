import * as v from 'valibot';
import { createUser, deleteUser, getUser, listUsers, updateUserDetails } from '../../../domain/users/users.ts';
import { nextLink, presentRows } from '../../../http/paging.ts';
import { route } from '../../../http/routes/route.ts';
import { absent, SENSITIVE_CHANGE_FAILURES } from '../../../model/failure.ts';
import { listQuery, NAMED_RESOURCE } from '../listing.ts';
import { toUser } from '../present.ts';
import { ResellerPath } from '../resellers/schemas.ts';
import { NewUser, User, UserChanges, UserPath } from './schemas.ts';

const tag = 'Users';
const userLimitReached = { kind: 'limit_reached', what: 'users' } as const;
const overGranted = { kind: 'grant_refused', scope: 'branding:write' } as const;
const query = listQuery({
  texts: [...NAMED_RESOURCE.texts, 'email', 'role', 'organizationId'],
  times: [...NAMED_RESOURCE.times, 'lastSeenAt'],
  sorts: [...NAMED_RESOURCE.sorts, 'email'],
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
      fails: [
        absent('reseller'),
        absent('organization'),
        userLimitReached,
        { kind: 'email_taken' },
        overGranted,
        ...SENSITIVE_CHANGE_FAILURES,
      ],
      raises: ['reseller.user.created'],
    },
    (caller, { params, body }) => createUser(caller, params.resellerId, body),
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
      present: presentRows(toUser),
      headers: nextLink,
      fails: [absent('reseller')],
    },
    (caller, { params, query }) => listUsers(caller, params.resellerId, query),
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
      fails: [absent('reseller'), absent('user')],
    },
    (caller, { params }) => getUser(caller, params.resellerId, params.userId),
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
      fails: [
        absent('reseller'),
        absent('organization'),
        absent('user'),
        userLimitReached,
        { kind: 'email_taken' },
        overGranted,
        { kind: 'last_admin' },
        { kind: 'self_refused' },
        ...SENSITIVE_CHANGE_FAILURES,
      ],
      raises: ['reseller.user.updated'],
    },
    (caller, { params, body }) => updateUserDetails(caller, params, params.userId, body),
  ),
  route(
    {
      method: 'DELETE',
      path: '/resellers/:resellerId/users/:userId',
      scope: 'reseller:user:delete',
      id: 'deleteUser',
      tag,
      summary: 'Delete a user; a person with an accepted membership in another reseller stays there',
      params: UserPath,
      returns: [204],
      present: () => null,
      fails: [absent('reseller'), absent('user'), overGranted, { kind: 'last_admin' }, ...SENSITIVE_CHANGE_FAILURES],
      raises: ['reseller.user.deleted'],
    },
    (caller, { params }) => deleteUser(caller, params, params.userId),
  ),
];
