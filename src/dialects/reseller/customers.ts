import * as v from 'valibot';
import {
  createOrganization,
  deleteOrganization,
  getOrganization,
  listOrganizations,
  updateOrganizationDetails,
} from '../../domain/resellers/organizations.ts';
import { nextLink, presentRows } from '../../http/paging.ts';
import { realmOf, route } from '../../http/routes/route.ts';
import { absent } from '../../model/failure.ts';
import { CREATION_ORDER } from '../../model/listing.ts';
import { listQuery } from './listing.ts';
import { fromCustomer, toCustomer, toCustomerId } from './present.ts';
import { Customer, CustomerChanges, CustomerId, CustomerPath, NewCustomer } from './schemas.ts';

const tag = 'Customers';

export const customers = [
  route(
    {
      method: 'POST',
      path: '/customers',
      scope: 'reseller:organization:create',
      id: 'createCustomer',
      tag,
      summary: 'Create a customer',
      body: NewCustomer,
      returns: [201, CustomerId],
      present: toCustomerId,
      fails: [{ kind: 'limit_reached', what: 'organizations' }, { kind: 'name_taken' }],
      raises: ['reseller.organization.created'],
    },
    (caller, { body }) => createOrganization(caller, realmOf(caller), { ...fromCustomer(body), name: body.name }),
  ),
  route(
    {
      method: 'GET',
      path: '/customers',
      scope: 'reseller:organization:read',
      id: 'listCustomers',
      tag,
      summary: 'List the customers of your realm',
      query: listQuery,
      returns: [200, v.array(Customer)],
      present: presentRows(toCustomer),
      headers: nextLink,
    },
    (caller, { query }) => listOrganizations(caller, realmOf(caller), { ...CREATION_ORDER, ...query }),
  ),
  route(
    {
      method: 'GET',
      path: '/customers/:customer_id',
      scope: 'reseller:organization:read',
      id: 'getCustomer',
      tag,
      summary: 'Get a customer',
      params: CustomerPath,
      returns: [200, Customer],
      present: toCustomer,
      fails: [absent('organization')],
    },
    (caller, { params }) => getOrganization(caller, realmOf(caller), params.customer_id),
  ),
  route(
    {
      method: 'PUT',
      path: '/customers/:customer_id',
      scope: 'reseller:organization:update',
      id: 'updateCustomer',
      tag,
      summary: 'Update a customer; what is left out or null stays',
      params: CustomerPath,
      body: CustomerChanges,
      returns: [204],
      present: () => null,
      fails: [absent('organization'), { kind: 'name_taken' }],
      raises: ['reseller.organization.updated'],
    },
    (caller, { params, body }) =>
      updateOrganizationDetails(caller, realmOf(caller), params.customer_id, fromCustomer(body)),
  ),
  route(
    {
      method: 'DELETE',
      path: '/customers/:customer_id',
      scope: 'reseller:organization:delete',
      id: 'deleteCustomer',
      tag,
      summary: 'Delete a customer with its users and all else that it owns',
      params: CustomerPath,
      returns: [204],
      present: () => null,
      fails: [absent('organization'), { kind: 'grant_refused', scope: 'reseller:user:delete' }, { kind: 'last_admin' }],
      raises: ['reseller.organization.deleted', 'reseller.user.deleted'],
    },
    (caller, { params }) => deleteOrganization(caller, realmOf(caller), params.customer_id),
  ),
];
