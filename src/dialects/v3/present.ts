import type * as v from 'valibot';
import type { Organization } from '../../model/resellers/organization.ts';
import type { Reseller } from '../../model/resellers/reseller.ts';
import { fullName, type User } from '../../model/users/user.ts';
import type { Webhook } from '../../model/webhooks/webhook.ts';
import type * as tenants from './resellers/schemas.ts';
import type * as people from './users/schemas.ts';
import type * as hook from './webhooks/schemas.ts';

/** RFC 3339 in UTC. */
export function time(ms: number): string {
  return new Date(ms).toISOString();
}

export function toReseller(reseller: Reseller): v.InferInput<typeof tenants.Reseller> {
  return { ...reseller, createdAt: time(reseller.createdAt), updatedAt: time(reseller.updatedAt) };
}

export function toOrganization(organization: Organization): v.InferInput<typeof tenants.Organization> {
  const { id, name, email, description, allowedUsers } = organization;
  const { addressLine1, addressLine2, city, state, country, postalCode } = organization;
  return {
    id,
    createdAt: time(organization.createdAt),
    updatedAt: time(organization.updatedAt),
    name,
    email,
    description,
    allowedUsers,
    address: { addressLine1, addressLine2, city, state, country, postalCode },
  };
}

export function toUser(user: User): v.InferInput<typeof people.User> {
  const { id, firstName, lastName, email, role, twoFactorEnabled, googleSsoEnabled, organization, company } = user;
  return {
    id,
    createdAt: time(user.createdAt),
    updatedAt: time(user.updatedAt),
    name: fullName(user),
    firstName,
    lastName,
    email,
    role,
    twoFactorEnabled,
    googleSsoEnabled,
    lastLoginAt: user.lastLoginAt === null ? null : time(user.lastLoginAt),
    organizationId: organization?.id ?? null,
    organization: organization && toOrganization(organization),
    company,
    ...(user.membership === 'pending' && { membership: user.membership }),
    ...(user.disabled && { disabled: user.disabled }),
  };
}

export function toWebhook(webhook: Webhook): v.InferInput<typeof hook.Webhook> {
  return { ...webhook, createdAt: time(webhook.createdAt), updatedAt: time(webhook.updatedAt) };
}

export function toWebhookWithToken(webhook: Webhook & { token: string }): v.InferInput<typeof hook.WebhookWithToken> {
  return { ...toWebhook(webhook), token: webhook.token };
}
