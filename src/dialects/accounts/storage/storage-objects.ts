import * as v from 'valibot';
import {
  deleteObject,
  listObjects,
  type ObjectList,
  openObject,
  putObject,
  type StoredUpload,
} from '../../../domain/storage/objects.ts';
import { quoted, readCondition } from '../../../http/objects/conditions.ts';
import { downloadRoute } from '../../../http/objects/download-route.ts';
import { readUpload } from '../../../http/objects/upload.ts';
import { nextLink, readPosition } from '../../../http/paging.ts';
import { decode } from '../../../http/routes/decode.ts';
import { type QueryDeclaration, route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { OBJECT_MAX_BYTES, OBJECTS_MAX_ROWS } from '../../../model/limits/index.ts';
import type { ObjectLocation } from '../../../model/storage/storage.ts';
import { Done, envelopeOf, inEnvelope, pageEnvelopeOf, toDone } from '../envelope.ts';
import { toObjectPage, toStored } from './present.ts';
import { ObjectPath, Prefix, StorageAccountPath, StoredObject } from './schemas.ts';

const tag = 'Objects';
const path = '/:accountId/storageAccounts/:storageAccountId/objects';
const onePath = `${path}/:key`;
const objectRoute = { tag, path: onePath, rest: true, params: ObjectPath } as const;
const preconditionFailed = { kind: 'precondition_failed' } as const;

const SORT = 'key';
const Paging = v.strictObject(
  {
    prefix: v.optional(Prefix, ''),
    limit: v.optional(
      v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(OBJECTS_MAX_ROWS)),
      String(OBJECTS_MAX_ROWS),
    ),
    after: v.optional(v.string()),
  },
  'Unknown parameter.',
);
const query: QueryDeclaration<ObjectList> = {
  entries: Paging.entries,
  read(raw) {
    const { prefix, limit, after } = decode(Paging, raw, 'query');
    return { prefix, limit, after: after === undefined ? null : readPosition(SORT, after) };
  },
};

function locationOf({ accountId, storageAccountId, key }: v.InferOutput<typeof ObjectPath>): ObjectLocation {
  return { resellerId: accountId, storageAccountId, key };
}

export const storageObjects = [
  route(
    {
      method: 'GET',
      path,
      scope: 'storage:read',
      id: 'listObjects',
      tag,
      summary: 'List the objects of a storage account in the order of their keys, a page at a time',
      params: StorageAccountPath,
      query,
      returns: [200, pageEnvelopeOf(StoredObject)],
      present: toObjectPage,
      headers: (page, url) => nextLink(page, url, SORT),
      fails: [absent('storage_account')],
    },
    (caller, { params: { accountId: resellerId, storageAccountId }, query }) =>
      listObjects(caller, { resellerId, storageAccountId }, query),
  ),
  downloadRoute(
    {
      ...objectRoute,
      scope: 'storage:read',
      id: 'getObject',
      summary: 'Get the bytes of an object, or one range of them; by HEAD only what is known of it',
      fails: [absent('object'), preconditionFailed, { kind: 'range_unsatisfiable', sizeBytes: 0 }],
    },
    (caller, { params }, wishFor) => openObject(caller, locationOf(params), wishFor),
  ),
  route(
    {
      ...objectRoute,
      method: 'PUT',
      scope: 'storage:write',
      id: 'putObject',
      summary:
        'Store the body as an object of its media type; whoever reads it meanwhile gets the old one or the new one',
      bytes: 'request',
      heeds: ['If-Match', 'If-None-Match'],
      returns: [201, envelopeOf(StoredObject)],
      also: { 200: 'Replaced.' },
      status: ({ created }: StoredUpload) => (created ? 201 : 200),
      present: inEnvelope(toStored),
      headers: ({ object }: StoredUpload) => ({ ETag: quoted(object.etag) }),
      fails: [
        absent('storage_account'),
        { kind: 'length_required' },
        { kind: 'too_large', maxBytes: OBJECT_MAX_BYTES },
        { kind: 'storage_full' },
        preconditionFailed,
      ],
    },
    (caller, { params }, request) => putObject(caller, locationOf(params), readUpload(request)),
  ),
  route(
    {
      ...objectRoute,
      method: 'DELETE',
      scope: 'storage:write',
      id: 'deleteObject',
      summary: 'Delete an object',
      heeds: ['If-Match', 'If-None-Match'],
      returns: [200, Done],
      present: toDone,
      fails: [absent('object'), preconditionFailed],
    },
    (caller, { params }, { headers }) => deleteObject(caller, locationOf(params), readCondition(headers)),
  ),
];
