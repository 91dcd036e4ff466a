import { getStatusUpdate, listStatusUpdates, publishStatusUpdate } from '../../../domain/emails/status-updates.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { envelopeOf, inEnvelope, inPageEnvelope, location, pageEnvelopeOf } from '../envelope.ts';
import { listQuery, nextLink, numbered } from '../listing.ts';
import { AccountPath } from '../schemas.ts';
import { toStatusUpdate } from './present.ts';
import { NewStatusUpdate, StatusUpdate, StatusUpdatePath } from './schemas.ts';

const tag = 'Status updates';
const scope = 'status:publish';

export const statusUpdates = [
  route(
    {
      method: 'GET',
      path: '/:accountId/statusUpdates',
      scope,
      id: 'listStatusUpdates',
      tag,
      summary: 'Get all status updates, the newest first, and how many of their mails were sent, failed or are pending',
      params: AccountPath,
      query: listQuery,
      returns: [200, pageEnvelopeOf(StatusUpdate)],
      present: inPageEnvelope(toStatusUpdate),
      headers: nextLink,
      fails: [absent('reseller')],
    },
    (caller, { params, query }) =>
      numbered(query, listStatusUpdates(caller, params.accountId, { ...query.list, descending: true })),
  ),
  route(
    {
      method: 'GET',
      path: '/:accountId/statusUpdates/:statusUpdateId',
      scope,
      id: 'getStatusUpdate',
      tag,
      summary: 'Get a status update and how far it has come',
      params: StatusUpdatePath,
      returns: [200, envelopeOf(StatusUpdate)],
      present: inEnvelope(toStatusUpdate),
      fails: [absent('status_update')],
    },
    (caller, { params }) => getStatusUpdate(caller, params.accountId, params.statusUpdateId),
  ),
  route(
    {
      method: 'POST',
      path: '/:accountId/statusUpdates',
      scope,
      id: 'publishStatusUpdate',
      tag,
      summary:
        'Publish a status update: it is e-mailed to every user with account.service.status, each in their language, once the account is enabled',
      params: AccountPath,
      body: NewStatusUpdate,
      returns: [202, envelopeOf(StatusUpdate)],
      present: inEnvelope(toStatusUpdate),
      headers: location,
      fails: [absent('reseller'), { kind: 'rate_limited', of: 'status_updates', retryAfterSeconds: 1800 }],
    },
    (caller, { params, body }) => publishStatusUpdate(caller, params.accountId, body),
  ),
];
