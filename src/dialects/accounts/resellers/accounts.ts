import {
  createReseller,
  deleteReseller,
  getAccount,
  getMetrics,
  listAccounts,
  updateResellerDetails,
} from '../../../domain/resellers/resellers.ts';
import { applyPatch, JsonPatch, PATCH_MEDIA_TYPES } from '../../../http/json-patch.ts';
import { decode } from '../../../http/routes/decode.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { Done, envelopeOf, inEnvelope, inPageEnvelope, location, pageEnvelopeOf, toDone } from '../envelope.ts';
import { listQuery, nextLink, numbered } from '../listing.ts';
import { AccountPath } from '../schemas.ts';
import { toAccount, toMetrics } from '../users/present.ts';
import { Account, AccountChanges, Metrics, NewAccount } from './schemas.ts';

const tag = 'Accounts';

export const accountRoutes = [
  route(
    {
      method: 'GET',
      path: '',
      scope: 'reseller:read',
      id: 'listAccounts',
      tag,
      summary: 'Get all accounts within reach, those that are flagged for deletion too',
      query: listQuery,
      returns: [200, pageEnvelopeOf(Account)],
      present: inPageEnvelope(toAccount),
      headers: nextLink,
    },
    (caller, { query }) => numbered(query, listAccounts(caller, query.list)),
  ),
  route(
    {
      method: 'POST',
      path: '',
      scope: 'reseller:write',
      id: 'createAccount',
      tag,
      summary: 'Create an account',
      body: NewAccount,
      returns: [201, envelopeOf(Account)],
      present: inEnvelope(toAccount),
      headers: location,
      fails: [absent('reseller'), { kind: 'name_taken' }],
      raises: ['reseller.created'],
    },
    async (caller, { body: { parentTenantId: parentId, ...body } }) => ({
      ...(await createReseller(caller, { ...body, parentId })),
      deletedAt: null,
    }),
  ),
  route(
    {
      method: 'GET',
      path: '/:accountId',
      scope: 'reseller:read',
      id: 'getAccount',
      tag,
      summary: 'Get an account',
      params: AccountPath,
      returns: [200, envelopeOf(Account)],
      present: inEnvelope(toAccount),
      fails: [absent('reseller')],
    },
    (caller, { params }) => getAccount(caller, params.accountId),
  ),
  route(
    {
      method: 'PATCH',
      path: '/:accountId',
      scope: 'reseller:write',
      id: 'updateAccount',
      tag,
      summary: 'Patch an account; enabling it sends the e-mails that wait',
      params: AccountPath,
      body: JsonPatch,
      mediaTypes: PATCH_MEDIA_TYPES,
      returns: [200, Done],
      present: toDone,
      fails: [absent('reseller'), { kind: 'target_missing', segment: 'nickname' }, { kind: 'name_taken' }],
      raises: ['reseller.updated'],
    },
    (caller, { params, body }) =>
      updateResellerDetails(caller, params.accountId, (before) => {
        const { name, description, reference, enabled, timezone, countryCode } = before;
        const document = { name, description, reference, enabled, timezone, countryCode };
        return decode(AccountChanges, applyPatch(body, document), 'body');
      }),
  ),
  route(
    {
      method: 'DELETE',
      path: '/:accountId',
      scope: 'reseller:write',
      id: 'deleteAccount',
      tag,
      summary: 'Deactivate an account and flag it for deletion',
      params: AccountPath,
      returns: [200, Done],
      present: toDone,
      fails: [absent('reseller')],
      raises: ['reseller.deleted'],
    },
    (caller, { params }) => deleteReseller(caller, params.accountId),
  ),
  route(
    {
      method: 'GET',
      path: '/:accountId/metrics',
      scope: 'reseller:read',
      id: 'getMetrics',
      tag,
      summary: 'Get the figures of an account: users per role, customers, dates',
      params: AccountPath,
      returns: [200, envelopeOf(Metrics)],
      present: inEnvelope(toMetrics),
      fails: [absent('reseller')],
    },
    (caller, { params }) => getMetrics(caller, params.accountId),
  ),
];
