import type * as v from 'valibot';
import type { ApiClient } from '../../../domain/clients/clients.ts';
import type { Account, AccountMetrics } from '../../../domain/resellers/resellers.ts';
import type { Member } from '../../../model/users/member.ts';
import { fullName } from '../../../model/users/user.ts';
import type { Client, ClientWithSecret } from '../clients/schemas.ts';
import { stamp } from '../envelope.ts';
import type { Account as WireAccount, Metrics as WireMetrics } from '../resellers/schemas.ts';
import type { User } from './schemas.ts';

const stampOrNull = (ms: number | null) => (ms === null ? null : stamp(ms));

export function toAccount(account: Account): v.InferInput<typeof WireAccount> {
  const { id, name, description, reference, parentId, enabled, timezone, countryCode } = account;
  return {
    id,
    name,
    description,
    reference,
    dateCreated: stamp(account.createdAt),
    parentTenantId: parentId,
    enabled,
    timezone,
    countryCode,
    dateDeleted: stampOrNull(account.deletedAt),
  };
}

export function toMetrics(metrics: AccountMetrics): v.InferInput<typeof WireMetrics> {
  const { users, usersByRole, customers } = metrics;
  return {
    users,
    usersByRole,
    customers,
    dateCreated: stamp(metrics.createdAt),
    dateUpdated: stamp(metrics.updatedAt),
    dateLastUserCreated: stampOrNull(metrics.userCreatedAt),
    dateLastCustomerCreated: stampOrNull(metrics.customerCreatedAt),
  };
}

export function toUser(member: Member): v.InferInput<typeof User> {
  const { id, email, roles, resellerId, membership } = member;
  const state =
    membership && ({ pending: { membership: 'pending' }, disabled: { enabled: false } } as const)[membership];
  return { id, displayName: fullName(member), email, roles: [...roles], primaryTenant: resellerId, ...state };
}

export function toClient({ id, name, scopes, redirectUris, createdAt }: ApiClient): v.InferInput<typeof Client> {
  return { id, name, scopes: [...scopes], redirectUris: [...redirectUris], dateCreated: stamp(createdAt) };
}

export function toClientWithSecret(
  client: ApiClient & { readonly secret: string },
): v.InferInput<typeof ClientWithSecret> {
  return { ...toClient(client), secret: client.secret, apiKey: `${client.id}.${client.secret}` };
}
