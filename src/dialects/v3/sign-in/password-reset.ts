import { requestPasswordReset, resetPassword } from '../../../domain/sign-in/password-reset.ts';
import { LINK } from '../../../http/rate-limits/policies.ts';
import { openRoute } from '../../../http/routes/open-route.ts';
import { PasswordReset, PersonPath, ResetRequest } from '../sessions/schemas.ts';

const tag = 'Sign-in';

export const passwordReset = [
  openRoute(
    {
      method: 'POST',
      path: '/accounts/reset-password-request',
      id: 'requestPasswordReset',
      tag,
      summary: 'Have a link to choose a password mailed; the answer is the same whoever has the address',
      body: ResetRequest,
      limit: LINK,
      returns: [204],
      present: () => null,
    },
    async (anonymous, { body }) => requestPasswordReset(anonymous, body.email),
  ),
  openRoute(
    {
      method: 'POST',
      path: '/users/:userId/reset-password',
      id: 'resetPassword',
      tag,
      summary: 'Choose a password by the token of a link; ends every session',
      params: PersonPath,
      body: PasswordReset,
      limit: LINK,
      returns: [204],
      present: () => null,
      fails: [{ kind: 'link_not_valid' }, { kind: 'changed_meanwhile' }],
      raises: ['reseller.user.updated', 'reseller.user.activated'],
    },
    (anonymous, { params, body }) => resetPassword(anonymous, params.userId, body.token, body.newPassword),
  ),
];
