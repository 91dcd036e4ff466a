import * as v from 'valibot';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhookToken,
  type StoredWebhook,
  updateWebhookDetails,
} from '../../../domain/webhooks/webhooks.ts';
import { nextLink, presentRows } from '../../../http/paging.ts';
import { route } from '../../../http/routes/route.ts';
import { absent, invalid } from '../../../model/failure.ts';
import { listQuery, NAMED_RESOURCE } from '../listing.ts';
import { toWebhook, toWebhookWithToken } from '../present.ts';
import { NewWebhook, TokenRotation, Webhook, WebhookChanges, WebhookPath, WebhookWithToken } from './schemas.ts';

const tag = 'Webhooks';
const badAddress = invalid('body', 'url', 'Must be an https address.');
const query = listQuery({ ...NAMED_RESOURCE, texts: [...NAMED_RESOURCE.texts, 'status'] });

/** RFC 8288 with a `rel` of this API: where to resend missed events. */
function recoverLink({ id, missedSince }: StoredWebhook, { origin }: URL): Record<string, string> {
  return missedSince === null ? {} : { Link: `<${origin}/v3/webhooks/${id}/recover>; rel="recover"` };
}

export const webhooks = [
  route(
    {
      method: 'POST',
      path: '/webhooks',
      scope: 'webhook:write',
      id: 'createWebhook',
      tag,
      summary:
        'Create a webhook; its token is shown in this reply and, after a rotation, in that one, and nowhere else',
      body: NewWebhook,
      returns: [201, WebhookWithToken],
      present: toWebhookWithToken,
      fails: [badAddress, { kind: 'limit_reached', what: 'webhooks' }],
      raises: ['webhook.created'],
    },
    (caller, { body }) => createWebhook(caller, body),
  ),
  route(
    {
      method: 'GET',
      path: '/webhooks',
      scope: 'webhook:read',
      id: 'listWebhooks',
      tag,
      summary: 'List the webhooks of the caller',
      query,
      returns: [200, v.array(Webhook)],
      present: presentRows(toWebhook),
      headers: nextLink,
    },
    (caller, { query }) => listWebhooks(caller, query),
  ),
  route(
    {
      method: 'GET',
      path: '/webhooks/:webhookId',
      scope: 'webhook:read',
      id: 'getWebhook',
      tag,
      summary: 'Get a webhook',
      params: WebhookPath,
      returns: [200, Webhook],
      present: toWebhook,
      headers: recoverLink,
      fails: [absent('webhook')],
    },
    (caller, { params }) => getWebhook(caller, params.webhookId),
  ),
  route(
    {
      method: 'PATCH',
      path: '/webhooks/:webhookId',
      scope: 'webhook:write',
      id: 'updateWebhook',
      tag,
      summary: 'Update a webhook; fields left out stay. Enabling a suspended one starts it afresh',
      params: WebhookPath,
      body: WebhookChanges,
      returns: [200, Webhook],
      present: toWebhook,
      headers: recoverLink,
      fails: [absent('webhook')],
      raises: ['webhook.updated'],
    },
    (caller, { params, body }) => updateWebhookDetails(caller, params.webhookId, body),
  ),
  route(
    {
      method: 'POST',
      path: '/webhooks/:webhookId/rotate-token',
      scope: 'webhook:write',
      id: 'rotateWebhookToken',
      tag,
      summary: 'Give a webhook a new token, ours where none is given; the old one signs along for a while',
      params: WebhookPath,
      body: v.optional(TokenRotation, {}),
      returns: [201, WebhookWithToken],
      present: toWebhookWithToken,
      fails: [absent('webhook'), { kind: 'changed_meanwhile' }],
      raises: ['webhook.updated'],
    },
    (caller, { params, body }) => rotateWebhookToken(caller, params.webhookId, body.token),
  ),
  route(
    {
      method: 'DELETE',
      path: '/webhooks/:webhookId',
      scope: 'webhook:write',
      id: 'deleteWebhook',
      tag,
      summary: 'Delete a webhook and what it has still to be sent',
      params: WebhookPath,
      returns: [204],
      present: () => null,
      fails: [absent('webhook')],
      raises: ['webhook.deleted'],
    },
    (caller, { params }) => deleteWebhook(caller, params.webhookId),
  ),
];
