import * as v from 'valibot';
import {
  createStorageAccount,
  deleteStorageAccount,
  getStorageAccount,
  listStorageAccounts,
  updateStorageAccountDetails,
} from '../../../domain/storage/storage-accounts.ts';
import { applyPatch, JsonPatch, PATCH_MEDIA_TYPES } from '../../../http/json-patch.ts';
import { decode } from '../../../http/routes/decode.ts';
import { type QueryDeclaration, route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { Done, envelopeOf, inEnvelope, inPageEnvelope, location, pageEnvelopeOf, toDone } from '../envelope.ts';
import { listQuery, nextLink, numbered } from '../listing.ts';
import { AccountPath } from '../schemas.ts';
import { toRemoval, toStorageAccount } from './present.ts';
import { NewStorageAccount, StorageAccount, StorageAccountChanges, StorageAccountPath } from './schemas.ts';

const tag = 'Storage accounts';
const path = '/:accountId/storageAccounts';
const onePath = `${path}/:storageAccountId`;
const nameTaken = { kind: 'name_taken' } as const;
const limitReached = { kind: 'limit_reached', what: 'storage_accounts' } as const;

const Removal = v.object({ data: v.optional(StorageAccount), ...Done.entries });
const Purging = v.strictObject({ purge: v.optional(v.picklist(['true', 'false']), 'false') }, 'Unknown parameter.');
const purging: QueryDeclaration<boolean> = {
  entries: Purging.entries,
  read: (query) => decode(Purging, query, 'query').purge === 'true',
};

export const storageAccounts = [
  route(
    {
      method: 'GET',
      path,
      scope: 'storage:read',
      id: 'listStorageAccounts',
      tag,
      summary: 'Get all storage accounts',
      params: AccountPath,
      query: listQuery,
      returns: [200, pageEnvelopeOf(StorageAccount)],
      present: inPageEnvelope(toStorageAccount),
      headers: nextLink,
      fails: [absent('reseller')],
    },
    (caller, { params, query }) => numbered(query, listStorageAccounts(caller, params.accountId, query.list)),
  ),
  route(
    {
      method: 'GET',
      path: onePath,
      scope: 'storage:read',
      id: 'getStorageAccount',
      tag,
      summary: 'Get a storage account; one that is being emptied shows how far that is, until it is gone',
      params: StorageAccountPath,
      returns: [200, envelopeOf(StorageAccount)],
      present: inEnvelope(toStorageAccount),
      fails: [absent('storage_account')],
    },
    (caller, { params }) => getStorageAccount(caller, params.accountId, params.storageAccountId),
  ),
  route(
    {
      method: 'POST',
      path,
      scope: 'storage:write',
      id: 'createStorageAccount',
      tag,
      summary: 'Create a storage account',
      params: AccountPath,
      body: NewStorageAccount,
      returns: [201, envelopeOf(StorageAccount)],
      present: inEnvelope(toStorageAccount),
      headers: location,
      fails: [absent('reseller'), nameTaken, limitReached],
    },
    (caller, { params, body }) => createStorageAccount(caller, params.accountId, body),
  ),
  route(
    {
      method: 'PATCH',
      path: onePath,
      scope: 'storage:write',
      id: 'updateStorageAccount',
      tag,
      summary:
        'Patch a storage account: /name, /quotaBytes; all operations or none. A quota below what is used only keeps new uploads out',
      params: StorageAccountPath,
      body: JsonPatch,
      mediaTypes: PATCH_MEDIA_TYPES,
      returns: [200, Done],
      present: toDone,
      fails: [absent('storage_account'), { kind: 'target_missing', segment: 'jurisdiction' }, nameTaken],
    },
    (caller, { params, body }) => {
      const account = { resellerId: params.accountId, id: params.storageAccountId };
      return updateStorageAccountDetails(caller, account, ({ name, quotaBytes }) =>
        decode(StorageAccountChanges, applyPatch(body, { name, quotaBytes }), 'body'),
      );
    },
  ),
  route(
    {
      method: 'DELETE',
      path: onePath,
      scope: 'storage:write',
      id: 'deleteStorageAccount',
      tag,
      summary:
        'Delete a storage account without objects, or by purge=true one with all of them: it is closed at once, and emptied in the background',
      params: StorageAccountPath,
      query: purging,
      returns: [200, Removal],
      also: { 202: 'Closed, and being emptied.' },
      status: ({ objectCount }) => (objectCount === 0 ? 200 : 202),
      present: toRemoval,
      fails: [absent('storage_account'), { kind: 'storage_not_empty' }],
    },
    (caller, { params, query }) =>
      deleteStorageAccount(caller, { resellerId: params.accountId, id: params.storageAccountId, purge: query }),
  ),
];
