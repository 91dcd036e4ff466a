import * as v from 'valibot';
import { listPasskeys, type OwnPasskey as Owned, removePasskey } from '../../../domain/factors/own-passkeys.ts';
import { route } from '../../../http/routes/route.ts';
import { SELF } from '../../../model/clients/scope.ts';
import { absent } from '../../../model/failure.ts';
import { time } from '../present.ts';
import { Passkey, PasskeyPath } from '../sessions/schemas.ts';
import { REAUTHENTICATION_FAILURES, reauthenticated, toReauthentication } from './reauthentication.ts';

const tag = 'Me';

const toPasskey = ({ id, name, createdAt, usedAt, backedUp }: Owned): v.InferInput<typeof Passkey> => ({
  id,
  name,
  createdAt: time(createdAt),
  lastUsedAt: usedAt === null ? null : time(usedAt),
  backedUp,
});

export const ownPasskeys = [
  route(
    {
      method: 'GET',
      path: '/me/passkeys',
      scope: SELF,
      id: 'listMyPasskeys',
      tag,
      summary: "List one's own passkeys",
      returns: [200, v.array(Passkey)],
      present: (passkeys: readonly Owned[]) => passkeys.map(toPasskey),
    },
    listPasskeys,
  ),
  route(
    {
      method: 'DELETE',
      path: '/me/passkeys/:passkeyId',
      scope: SELF,
      id: 'removeMyPasskey',
      tag,
      summary: 'Take a passkey away; with the last second factor two-factor sign-in goes too',
      params: PasskeyPath,
      ...reauthenticated,
      returns: [204],
      present: () => null,
      fails: [...REAUTHENTICATION_FAILURES, { kind: 'factor_required' }, absent('passkey')],
      raises: ['reseller.user.updated'],
    },
    (caller, { params, body }) => removePasskey(caller, params.passkeyId, toReauthentication(body)),
  ),
];
