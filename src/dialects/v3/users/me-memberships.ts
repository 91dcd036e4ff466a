import * as v from 'valibot';
import { deleteOwnAccount } from '../../../domain/users/own-account.ts';
import {
  acceptMembership,
  declineMembership,
  leaveMembership,
  listOwnMemberships,
  type OwnMembership,
} from '../../../domain/users/own-memberships.ts';
import { route } from '../../../http/routes/route.ts';
import { SELF } from '../../../model/clients/scope.ts';
import { absent } from '../../../model/failure.ts';
import { REAUTHENTICATION_FAILURES, reauthenticated, toReauthentication } from '../factors/reauthentication.ts';
import { time } from '../present.ts';
import { Membership, MembershipPath } from '../sessions/schemas.ts';

const tag = 'Me';

function toMembership(membership: OwnMembership): v.InferInput<typeof Membership> {
  const { resellerId, resellerName, roles, primary, state, createdAt } = membership;
  const deviation = { pending: { membership: 'pending' }, disabled: { disabled: true } } as const;
  return {
    resellerId,
    resellerName,
    roles: [...roles],
    primary,
    createdAt: time(createdAt),
    ...(state && deviation[state]),
  };
}

export const ownMemberships = [
  route(
    {
      method: 'GET',
      path: '/me/memberships',
      scope: SELF,
      id: 'listMyMemberships',
      tag,
      summary: 'List the tenants that you belong to or are invited to, the oldest first',
      returns: [200, v.array(Membership)],
      present: (memberships: readonly OwnMembership[]) => memberships.map(toMembership),
    },
    listOwnMemberships,
  ),
  route(
    {
      method: 'POST',
      path: '/me/memberships/:resellerId/accept',
      scope: SELF,
      id: 'acceptMyMembership',
      tag,
      summary: 'Accept an invitation; its roles count from now on',
      params: MembershipPath,
      ...reauthenticated,
      returns: [204],
      present: () => null,
      fails: [...REAUTHENTICATION_FAILURES, absent('membership'), { kind: 'link_required' }],
      raises: ['reseller.user.updated'],
    },
    (caller, { params, body }) => acceptMembership(caller, params.resellerId, toReauthentication(body)),
  ),
  route(
    {
      method: 'POST',
      path: '/me/memberships/:resellerId/decline',
      scope: SELF,
      id: 'declineMyMembership',
      tag,
      summary: 'Decline an invitation; the tenant cannot repeat it for 30 days',
      params: MembershipPath,
      ...reauthenticated,
      returns: [204],
      present: () => null,
      fails: [...REAUTHENTICATION_FAILURES, absent('membership'), { kind: 'link_required' }],
      raises: ['reseller.user.deleted'],
    },
    (caller, { params, body }) => declineMembership(caller, params.resellerId, toReauthentication(body)),
  ),
  route(
    {
      method: 'DELETE',
      path: '/me/memberships/:resellerId',
      scope: SELF,
      id: 'leaveMyMembership',
      tag,
      summary: 'Leave a tenant; where it is the primary one, the oldest other membership becomes primary',
      params: MembershipPath,
      ...reauthenticated,
      returns: [204],
      present: () => null,
      fails: [...REAUTHENTICATION_FAILURES, absent('membership'), { kind: 'last_membership' }],
      raises: ['reseller.user.deleted'],
    },
    (caller, { params, body }) => leaveMembership(caller, params.resellerId, toReauthentication(body)),
  ),
  route(
    {
      method: 'DELETE',
      path: '/me',
      scope: SELF,
      id: 'deleteMe',
      tag,
      summary: 'Delete your account with all of its memberships',
      returns: [204],
      present: () => null,
      ...reauthenticated,
      fails: REAUTHENTICATION_FAILURES,
      raises: ['reseller.user.deleted'],
    },
    (caller, { body }) => deleteOwnAccount(caller, toReauthentication(body)),
  ),
];
