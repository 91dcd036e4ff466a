import {
  createRecoveryCodes,
  disableTotp,
  enableTotp,
  type NewTotpSecret as Started,
  startTotp,
} from '../../../domain/factors/totp.ts';
import { route } from '../../../http/routes/route.ts';
import { SELF } from '../../../model/clients/scope.ts';
import { toUser } from '../present.ts';
import { RecoveryCodes, TotpSecret, TwoFactorCode, TwoFactorProof, TwoFactorStart } from '../sessions/schemas.ts';
import { User } from '../users/schemas.ts';
import { REAUTHENTICATION_FAILURES, reauthenticated, toReauthentication } from './reauthentication.ts';

const tag = 'Me';
const failed = { kind: 'sign_in_failed' } as const;
const noAuthenticator = { kind: 'factor_absent', missing: 'authenticator' } as const;
const meanwhile = { kind: 'changed_meanwhile' } as const;

export const twoFactor = [
  route(
    {
      method: 'POST',
      path: '/me/2fa-secret',
      scope: SELF,
      id: 'createTwoFactorSecret',
      tag,
      summary: 'Get a secret for an authenticator app; it counts once a code of it enables it',
      ...reauthenticated,
      returns: [201, TotpSecret],
      present: (started: Started) => started,
      fails: [...REAUTHENTICATION_FAILURES, { kind: 'factor_present' }, meanwhile],
    },
    (caller, { body }) => startTotp(caller, toReauthentication(body)),
  ),
  route(
    {
      method: 'POST',
      path: '/me/2fa/enable',
      scope: SELF,
      id: 'enableTwoFactor',
      tag,
      summary: 'Ask for a code of the authenticator at every sign-in',
      body: TwoFactorStart,
      returns: [201, User],
      present: toUser,
      fails: [
        ...REAUTHENTICATION_FAILURES,
        { kind: 'factor_present' },
        { kind: 'factor_absent', missing: 'secret' },
        meanwhile,
      ],
      raises: ['reseller.user.updated'],
    },
    (caller, { body }) => enableTotp(caller, body.twoFactorCode, { password: body.password }),
  ),
  route(
    {
      method: 'POST',
      path: '/me/2fa-recovery-codes',
      scope: SELF,
      id: 'createRecoveryCodes',
      tag,
      summary: 'Get ten recovery codes, each for one sign-in without the authenticator; older ones end',
      body: TwoFactorCode,
      returns: [201, RecoveryCodes],
      present: (codes: readonly string[]) => ({ recoveryCodes: [...codes] }),
      fails: [failed, noAuthenticator, meanwhile],
    },
    (caller, { body }) => createRecoveryCodes(caller, body.twoFactorCode),
  ),
  route(
    {
      method: 'DELETE',
      path: '/me/2fa',
      scope: SELF,
      id: 'disableTwoFactor',
      tag,
      summary: 'Ask for no more codes, by one of them or a recovery code; passkeys stay',
      body: TwoFactorProof,
      mediaTypes: ['application/json'],
      returns: [204],
      present: () => null,
      fails: [failed, noAuthenticator],
      raises: ['reseller.user.updated'],
    },
    (caller, { body }) => disableTotp(caller, { code: body.twoFactorCode, recoveryCode: body.twoFactorRecoveryCode }),
  ),
];
