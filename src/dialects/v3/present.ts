import type * as v from 'valibot';
import type { EventRecord } from '../../model/events/event.ts';
import type { Organization } from '../../model/resellers/organization.ts';
import type { Reseller } from '../../model/resellers/reseller.ts';
import { fullName, type User } from '../../model/users/user.ts';
import type { Webhook } from '../../model/webhooks/webhook.ts';
import type * as wire from './schemas.ts';
import type * as hook from './webhooks/webhook-schemas.ts';

/** Milliseconds as RFC 3339 in UTC. */
export function time(ms: number): string {
  return new Date(ms).toISOString();
}

export function toReseller(reseller: Reseller): v.InferInput<typeof wire.Reseller> {
  return { ...reseller, createdAt: time(reseller.createdAt), updatedAt: time(reseller.updatedAt) };
}

export function toOrganization(organization: Organization): v.InferInput<typeof wire.Organization> {
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

export function toUser(user: User): v.InferInput<typeof wire.User> {
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

/** The subject of an event as it is after it; of a deleted one, as it was before. */
export function toEventData(event: EventRecord) {
  switch (event.type) {
    case 'reseller.created':
    case 'reseller.updated':
      return toReseller(event.after);
    case 'reseller.deleted':
      return toReseller(event.before);
    case 'reseller.organization.created':
    case 'reseller.organization.updated':
      return toOrganization(event.after);
    case 'reseller.organization.deleted':
      return toOrganization(event.before);
    case 'reseller.user.created':
    case 'reseller.user.updated':
    case 'reseller.user.activated':
    case 'account.logged-in':
      return toUser(event.after);
    case 'reseller.user.deleted':
      return toUser(event.before);
    case 'webhook.created':
    case 'webhook.updated':
    case 'webhook.disabled':
      return toWebhook(event.after);
    case 'webhook.deleted':
      return toWebhook(event.before);
  }
}
