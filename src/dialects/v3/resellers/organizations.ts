import * as v from 'valibot';
import {
  createOrganization,
  deleteOrganization,
  getOrganization,
  listOrganizations,
  updateOrganizationDetails,
} from '../../../domain/resellers/organizations.ts';
import { nextLink, presentRows } from '../../../http/paging.ts';
import { route } from '../../../http/routes/route.ts';
import { absent } from '../../../model/failure.ts';
import { listQuery, NAMED_RESOURCE } from '../listing.ts';
import { toOrganization } from '../present.ts';
import { NewOrganization, Organization, OrganizationChanges, OrganizationPath, ResellerPath } from './schemas.ts';

const tag = 'Organizations';
const overGranted = { kind: 'grant_refused', scope: 'reseller:user:delete' } as const;
const query = listQuery({
  ...NAMED_RESOURCE,
  texts: [...NAMED_RESOURCE.texts, 'email'],
  sorts: [...NAMED_RESOURCE.sorts, 'email'],
});

export const organizations = [
  route(
    {
      method: 'POST',
      path: '/resellers/:resellerId/organizations',
      scope: 'reseller:organization:create',
      id: 'createOrganization',
      tag,
      summary: 'Create an organization',
      params: ResellerPath,
      body: NewOrganization,
      returns: [201, Organization],
      present: toOrganization,
      fails: [absent('reseller'), { kind: 'limit_reached', what: 'organizations' }, { kind: 'name_taken' }],
      raises: ['reseller.organization.created'],
    },
    (caller, { params, body: { address, ...details } }) =>
      createOrganization(caller, params.resellerId, { ...details, ...address }),
  ),
  route(
    {
      method: 'GET',
      path: '/resellers/:resellerId/organizations',
      scope: 'reseller:organization:read',
      id: 'listOrganizations',
      tag,
      summary: 'List the organizations of a reseller',
      params: ResellerPath,
      query,
      returns: [200, v.array(Organization)],
      present: presentRows(toOrganization),
      headers: nextLink,
      fails: [absent('reseller')],
    },
    (caller, { params, query }) => listOrganizations(caller, params.resellerId, query),
  ),
  route(
    {
      method: 'GET',
      path: '/resellers/:resellerId/organizations/:organizationId',
      scope: 'reseller:organization:read',
      id: 'getOrganization',
      tag,
      summary: 'Get an organization',
      params: OrganizationPath,
      returns: [200, Organization],
      present: toOrganization,
      fails: [absent('reseller'), absent('organization')],
    },
    (caller, { params }) => getOrganization(caller, params.resellerId, params.organizationId),
  ),
  route(
    {
      method: 'PATCH',
      path: '/resellers/:resellerId/organizations/:organizationId',
      scope: 'reseller:organization:update',
      id: 'updateOrganization',
      tag,
      summary: 'Update an organization; fields left out stay',
      params: OrganizationPath,
      body: OrganizationChanges,
      returns: [200, Organization],
      present: toOrganization,
      fails: [absent('reseller'), absent('organization'), { kind: 'name_taken' }],
      raises: ['reseller.organization.updated'],
    },
    (caller, { params, body: { address, ...details } }) =>
      updateOrganizationDetails(caller, params.resellerId, params.organizationId, { ...details, ...address }),
  ),
  route(
    {
      method: 'DELETE',
      path: '/resellers/:resellerId/organizations/:organizationId',
      scope: 'reseller:organization:delete',
      id: 'deleteOrganization',
      tag,
      summary: 'Delete an organization and its users',
      params: OrganizationPath,
      returns: [204],
      present: () => null,
      fails: [absent('reseller'), absent('organization'), overGranted, { kind: 'last_admin' }],
      raises: ['reseller.organization.deleted', 'reseller.user.deleted'],
    },
    (caller, { params }) => deleteOrganization(caller, params.resellerId, params.organizationId),
  ),
];
