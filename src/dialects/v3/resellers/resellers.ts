import * as v from 'valibot';
import {
  createReseller,
  deleteReseller,
  getReseller,
  listResellers,
  updateResellerDetails,
} from '../../../domain/resellers/resellers.ts';
import { nextLink, presentRows } from '../../../http/paging.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { listQuery, NAMED_RESOURCE } from '../listing.ts';
import { toReseller } from '../present.ts';
import { NewReseller, Reseller, ResellerChanges, ResellerPath } from './schemas.ts';

const tag = 'Resellers';
const query = listQuery({
  ...NAMED_RESOURCE,
  texts: [...NAMED_RESOURCE.texts, 'email'],
  sorts: [...NAMED_RESOURCE.sorts, 'email'],
});

export const resellers = [
  route(
    {
      method: 'POST',
      path: '/resellers',
      scope: 'reseller:write',
      id: 'createReseller',
      tag,
      summary: 'Create a reseller',
      body: NewReseller,
      returns: [201, Reseller],
      present: toReseller,
      fails: [{ kind: 'name_taken' }],
      raises: ['reseller.created'],
    },
    (caller, { body }) => createReseller(caller, body),
  ),
  route(
    {
      method: 'GET',
      path: '/resellers',
      scope: 'reseller:read',
      id: 'listResellers',
      tag,
      summary: 'List the resellers within reach',
      query,
      returns: [200, v.array(Reseller)],
      present: presentRows(toReseller),
      headers: nextLink,
    },
    (caller, { query }) => listResellers(caller, query),
  ),
  route(
    {
      method: 'GET',
      path: '/resellers/:resellerId',
      scope: 'reseller:read',
      id: 'getReseller',
      tag,
      summary: 'Get a reseller',
      params: ResellerPath,
      returns: [200, Reseller],
      present: toReseller,
      fails: [absent('reseller')],
    },
    (caller, { params }) => getReseller(caller, params.resellerId),
  ),
  route(
    {
      method: 'PATCH',
      path: '/resellers/:resellerId',
      scope: 'reseller:write',
      id: 'updateReseller',
      tag,
      summary: 'Update a reseller; fields left out stay',
      params: ResellerPath,
      body: ResellerChanges,
      returns: [200, Reseller],
      present: toReseller,
      fails: [absent('reseller'), { kind: 'name_taken' }],
      raises: ['reseller.updated'],
    },
    (caller, { params, body }) => updateResellerDetails(caller, params.resellerId, body),
  ),
  route(
    {
      method: 'DELETE',
      path: '/resellers/:resellerId',
      scope: 'reseller:write',
      id: 'deleteReseller',
      tag,
      summary: 'Delete a reseller and all beneath it',
      params: ResellerPath,
      returns: [204],
      present: () => null,
      fails: [absent('reseller')],
      raises: ['reseller.deleted'],
    },
    (caller, { params }) => deleteReseller(caller, params.resellerId),
  ),
];
