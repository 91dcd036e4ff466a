import * as v from 'valibot';
import { endAllUserSessions, endUserSession, listUserSessions } from '../../../domain/sessions/sessions.ts';
import { createResetToken, resetFactors, unlinkUserIdentity } from '../../../domain/users/user-access.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { toSessions } from '../sessions/me-sessions.ts';
import { PersonPath, PersonSessionPath, ResetToken, Session } from '../sessions/schemas.ts';

const tag = 'Users';
/** For a session in another reseller. */
const elsewhere = { kind: 'grant_refused', scope: null } as const;
const credentialGuard = [{ kind: 'user_required' }, { kind: 'self_refused' }] as const;
const guarded = { kind: 'grant_refused', scope: 'reseller:user:create' } as const;

export const userAccess = [
  route(
    {
      method: 'GET',
      path: '/users/:userId/sessions',
      scope: 'reseller:user:read',
      id: 'listUserSessions',
      tag,
      summary: 'List the sessions of a user, the newest first',
      params: PersonPath,
      returns: [200, v.array(Session)],
      present: toSessions,
      fails: [absent('user')],
    },
    (caller, { params }) => listUserSessions(caller, params.userId),
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/:userId/sessions',
      scope: 'reseller:user:update',
      id: 'endUserSessions',
      tag,
      summary: "Sign a user out everywhere in the caller's reseller",
      params: PersonPath,
      returns: [204],
      present: () => null,
      fails: [absent('user'), ...credentialGuard],
    },
    (caller, { params }) => endAllUserSessions(caller, params.userId),
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/:userId/sessions/:sessionId',
      scope: 'reseller:user:update',
      id: 'endUserSession',
      tag,
      summary: 'End one session of a user',
      params: PersonSessionPath,
      returns: [204],
      present: () => null,
      fails: [absent('user'), absent('session'), elsewhere, ...credentialGuard],
    },
    (caller, { params }) => endUserSession(caller, params.userId, params.sessionId),
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/:userId/2fa',
      scope: 'reseller:user:update',
      id: 'resetUserTwoFactor',
      tag,
      summary: 'Take every second factor of a user away who has lost them',
      params: PersonPath,
      returns: [204],
      present: () => null,
      fails: [absent('user'), { kind: 'factor_absent', missing: 'factor' }, guarded, ...credentialGuard],
      raises: ['reseller.user.updated'],
    },
    (caller, { params }) => resetFactors(caller, params.userId),
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/:userId/google',
      scope: 'reseller:user:update',
      id: 'unlinkUserGoogle',
      tag,
      summary: "Unlink a user's account at Google; another is linked only once the user allows it",
      params: PersonPath,
      returns: [204],
      present: () => null,
      fails: [absent('user'), absent('identity'), guarded, ...credentialGuard],
      raises: ['reseller.user.updated'],
    },
    (caller, { params }) => unlinkUserIdentity(caller, params.userId),
  ),
  route(
    {
      method: 'POST',
      path: '/users/:userId/reset-password-token',
      scope: 'reseller:user:update',
      id: 'createResetPasswordToken',
      tag,
      summary: 'Get a token to hand on, by which a user chooses a password; older ones and links end',
      params: PersonPath,
      returns: [201, ResetToken],
      present: (resetPasswordToken: string) => ({ resetPasswordToken }),
      fails: [
        absent('user'),
        guarded,
        ...credentialGuard,
        { kind: 'recent_sign_in_required' },
        { kind: 'user_disabled' },
      ],
    },
    (caller, { params }) => createResetToken(caller, params.userId),
  ),
];
