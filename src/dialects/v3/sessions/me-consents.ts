import * as v from 'valibot';
import { type ConsentView as Given, listConsents, withdrawConsent } from '../../../domain/clients/consents.ts';
import { route } from '../../../http/routes/route.ts';
import { SELF } from '../../../model/clients/scope.ts';
import { absent } from '../../../model/failure.ts';
import { REAUTHENTICATION_FAILURES, reauthenticated, toReauthentication } from '../factors/reauthentication.ts';
import { time } from '../present.ts';
import { Consent, ConsentPath } from './schemas.ts';

const tag = 'Me';

const toConsent = ({ id, clientId, clientName, scopes, grantedAt }: Given): v.InferInput<typeof Consent> => ({
  id,
  clientId,
  clientName,
  scopes: [...scopes],
  grantedAt: time(grantedAt),
});

export const ownConsents = [
  route(
    {
      method: 'GET',
      path: '/me/consents',
      scope: SELF,
      id: 'listMyConsents',
      tag,
      summary: 'List the applications that may act for the user, the newest first',
      returns: [200, v.array(Consent)],
      present: (consents: readonly Given[]) => consents.map(toConsent),
    },
    listConsents,
  ),
  route(
    {
      method: 'DELETE',
      path: '/me/consents/:consentId',
      scope: SELF,
      id: 'withdrawMyConsent',
      tag,
      summary: 'Withdraw the consent to an application; its sessions end',
      params: ConsentPath,
      ...reauthenticated,
      returns: [204],
      present: () => null,
      fails: [...REAUTHENTICATION_FAILURES, absent('consent')],
    },
    (caller, { params, body }) => withdrawConsent(caller, params.consentId, toReauthentication(body)),
  ),
];
