import { unlinkIdentity } from '../../../domain/factors/external-identity.ts';
import { changePassword } from '../../../domain/factors/own-password.ts';
import { getCurrentUser } from '../../../domain/users/current-user.ts';
import { route } from '../../../http/routes/route.ts';
import { SELF } from '../../../model/clients/scope.ts';
import { absent } from '../../../model/failure.ts';
import { REAUTHENTICATION_FAILURES, reauthenticated, toReauthentication } from '../factors/reauthentication.ts';
import { toUser } from '../present.ts';
import { User } from '../users/schemas.ts';
import { PasswordChange } from './schemas.ts';

const tag = 'Me';

export const me = [
  route(
    {
      method: 'GET',
      path: '/me',
      scope: SELF,
      id: 'getMe',
      tag,
      summary: 'Get the signed-in user',
      returns: [200, User],
      present: toUser,
    },
    getCurrentUser,
  ),
  route(
    {
      method: 'POST',
      path: '/me/password',
      scope: SELF,
      id: 'changeMyPassword',
      tag,
      summary: 'Choose another password; ends every session, this one too',
      body: PasswordChange,
      returns: [204],
      present: () => null,
      fails: [{ kind: 'sign_in_failed' }, { kind: 'changed_meanwhile' }],
      raises: ['reseller.user.updated'],
    },
    (caller, { body }) => changePassword(caller, body.currentPassword, body.newPassword),
  ),
  route(
    {
      method: 'DELETE',
      path: '/me/google',
      scope: SELF,
      id: 'unlinkGoogle',
      tag,
      summary: 'Unlink Google sign-in',
      ...reauthenticated,
      returns: [204],
      present: () => null,
      fails: [...REAUTHENTICATION_FAILURES, absent('identity')],
      raises: ['reseller.user.updated'],
    },
    (caller, { body }) => unlinkIdentity(caller, toReauthentication(body)),
  ),
];
