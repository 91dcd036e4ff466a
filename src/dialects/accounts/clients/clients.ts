import { createClient, listClients, revokeClient, updateClientDetails } from '../../../domain/clients/clients.ts';
import { applyPatch, JsonPatch, PATCH_MEDIA_TYPES } from '../../../http/json-patch.ts';
import { decode } from '../../../http/routes/decode.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { Done, envelopeOf, inEnvelope, inPageEnvelope, pageEnvelopeOf, toDone } from '../envelope.ts';
import { listQuery, nextLink, numbered } from '../listing.ts';
import { AccountPath } from '../schemas.ts';
import { toClient, toClientWithSecret } from '../users/present.ts';
import { Client, ClientChanges, ClientPath, ClientWithSecret, NewClient } from './schemas.ts';

const tag = 'API clients';
/** A client with more rights than the caller's. */
const webhookGrantRefused = { kind: 'grant_refused', scope: 'webhook:write' } as const;
const recent = { kind: 'recent_sign_in_required' } as const;

export const clients = [
  route(
    {
      method: 'GET',
      path: '/:accountId/clients',
      scope: 'client:read',
      id: 'listClients',
      tag,
      summary: 'Get all API clients of an account',
      params: AccountPath,
      query: listQuery,
      returns: [200, pageEnvelopeOf(Client)],
      present: inPageEnvelope(toClient),
      headers: nextLink,
      fails: [absent('reseller')],
    },
    (caller, { params, query }) => numbered(query, listClients(caller, params.accountId, query.list)),
  ),
  route(
    {
      method: 'POST',
      path: '/:accountId/clients',
      scope: 'client:write',
      id: 'createClient',
      tag,
      summary: 'Create an API client; its secret is shown this once',
      params: AccountPath,
      body: NewClient,
      returns: [201, envelopeOf(ClientWithSecret)],
      present: inEnvelope(toClientWithSecret),
      fails: [absent('reseller'), { kind: 'limit_reached', what: 'clients' }, webhookGrantRefused, recent],
    },
    (caller, { params, body }) => createClient(caller, params.accountId, body),
  ),
  route(
    {
      method: 'PATCH',
      path: '/:accountId/clients/:clientId',
      scope: 'client:write',
      id: 'updateClient',
      tag,
      summary: 'Patch an API client: /name, /redirectUris, /redirectUris/-, /redirectUris/{n}; all operations or none',
      params: ClientPath,
      body: JsonPatch,
      mediaTypes: PATCH_MEDIA_TYPES,
      returns: [200, Done],
      present: toDone,
      fails: [absent('client'), { kind: 'target_missing', segment: 'scopes' }, webhookGrantRefused, recent],
    },
    (caller, { params, body }) =>
      updateClientDetails(caller, params.accountId, params.clientId, ({ name, redirectUris }) =>
        decode(ClientChanges, applyPatch(body, { name, redirectUris }), 'body'),
      ),
  ),
  route(
    {
      method: 'DELETE',
      path: '/:accountId/clients/:clientId',
      scope: 'client:write',
      id: 'deleteClient',
      tag,
      summary: 'Revoke an API client, with its tokens, from the next request on',
      params: ClientPath,
      returns: [200, Done],
      present: toDone,
      fails: [absent('client'), webhookGrantRefused],
    },
    (caller, { params }) => revokeClient(caller, params.accountId, params.clientId),
  ),
];
