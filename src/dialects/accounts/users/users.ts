import { sendActivationEmail } from '../../../domain/users/activation-email.ts';
import {
  createMember,
  deleteMember,
  getMember,
  listMembers,
  updateMemberDetails,
} from '../../../domain/users/members.ts';
import { applyPatch, JsonPatch, PATCH_MEDIA_TYPES } from '../../../http/json-patch.ts';
import { decode } from '../../../http/routes/decode.ts';
import { route } from '../../../http/routes/route.ts';
import { absent, SENSITIVE_CHANGE_FAILURES } from '../../../model/failure.ts';
import { Done, envelopeOf, inEnvelope, inPageEnvelope, location, pageEnvelopeOf, toDone } from '../envelope.ts';
import { listQuery, nextLink, numbered } from '../listing.ts';
import { AccountPath } from '../schemas.ts';
import { toUser } from './present.ts';
import { NewUser, User, UserChanges, UserPath } from './schemas.ts';

const tag = 'Users';
const notPrimary = { kind: 'not_primary' } as const;
const lastAdmin = { kind: 'last_admin' } as const;
const foreign = { kind: 'grant_refused', scope: null } as const;
const overGranted = { kind: 'grant_refused', scope: 'branding:write' } as const;

export const users = [
  route(
    {
      method: 'GET',
      path: '/:accountId/users',
      scope: 'reseller:user:read',
      id: 'listUsers',
      tag,
      summary: 'Get all account users',
      params: AccountPath,
      query: listQuery,
      returns: [200, pageEnvelopeOf(User)],
      present: inPageEnvelope(toUser),
      headers: nextLink,
      fails: [absent('reseller')],
    },
    (caller, { params, query }) => numbered(query, listMembers(caller, params.accountId, query.list)),
  ),
  route(
    {
      method: 'GET',
      path: '/:accountId/users/:userId',
      scope: 'reseller:user:read',
      id: 'getUser',
      tag,
      summary: 'Get an account user',
      params: UserPath,
      returns: [200, envelopeOf(User)],
      present: inEnvelope(toUser),
      fails: [absent('user')],
    },
    (caller, { params }) => getMember(caller, params.accountId, params.userId),
  ),
  route(
    {
      method: 'POST',
      path: '/:accountId/users',
      scope: 'reseller:user:create',
      id: 'createUser',
      tag,
      summary: 'Create an account user, who is invited by e-mail once the account is enabled',
      params: AccountPath,
      body: NewUser,
      returns: [201, envelopeOf(User)],
      present: inEnvelope(toUser),
      headers: location,
      fails: [
        absent('reseller'),
        { kind: 'email_taken' },
        { kind: 'limit_reached', what: 'users' },
        overGranted,
        ...SENSITIVE_CHANGE_FAILURES,
      ],
      raises: ['reseller.user.created'],
    },
    (caller, { params, body }) => createMember(caller, params.accountId, { ...body, name: body.displayName }),
  ),
  route(
    {
      method: 'PATCH',
      path: '/:accountId/users/:userId',
      scope: 'reseller:user:update',
      id: 'updateUser',
      tag,
      summary:
        'Patch an account user: /displayName, /email, /roles, /roles/-, /roles/{n}, /enabled; all operations or none',
      params: UserPath,
      body: JsonPatch,
      mediaTypes: PATCH_MEDIA_TYPES,
      returns: [200, Done],
      present: toDone,
      fails: [
        absent('user'),
        { kind: 'target_missing', segment: 'nickname' },
        notPrimary,
        { kind: 'email_taken' },
        lastAdmin,
        { kind: 'limit_reached', what: 'users' },
        overGranted,
        { kind: 'self_refused' },
        ...SENSITIVE_CHANGE_FAILURES,
      ],
      raises: ['reseller.user.updated'],
    },
    (caller, { params, body }) =>
      updateMemberDetails(caller, params.accountId, params.userId, (member) => {
        const { displayName, email, roles, membership, enabled = true } = toUser(member);
        // A pending membership has nothing to disable.
        const document = { displayName, email, roles, ...(membership === undefined && { enabled }) };
        const {
          displayName: name,
          enabled: stays,
          ...changes
        } = decode(UserChanges, applyPatch(body, document), 'body');
        return { name, disabled: stays === undefined ? undefined : !stays, ...changes };
      }),
  ),
  route(
    {
      method: 'DELETE',
      path: '/:accountId/users/:userId',
      scope: 'reseller:user:delete',
      id: 'deleteUser',
      tag,
      summary: 'Delete a user. A user with an accepted membership in another account only leaves this one.',
      params: UserPath,
      returns: [200, Done],
      present: toDone,
      fails: [absent('user'), lastAdmin, overGranted, ...SENSITIVE_CHANGE_FAILURES],
      raises: ['reseller.user.deleted'],
    },
    (caller, { params }) => deleteMember(caller, params.accountId, params.userId),
  ),
  route(
    {
      method: 'POST',
      path: '/:accountId/users/:userId/sendActivationEmail',
      scope: 'reseller:user:update',
      id: 'sendActivationEmail',
      tag,
      summary:
        'Send an activation e-mail, or one to choose a new password to who is active already; at most three an hour. While the account is disabled the last of them waits',
      params: UserPath,
      returns: [204],
      present: () => null,
      fails: [
        absent('user'),
        notPrimary,
        foreign,
        { kind: 'user_disabled' },
        { kind: 'rate_limited', of: 'mails', retryAfterSeconds: 1800 },
      ],
    },
    (caller, { params }) => sendActivationEmail(caller, params.accountId, params.userId),
  ),
];
