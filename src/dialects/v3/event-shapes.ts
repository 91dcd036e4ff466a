import * as v from 'valibot';
import type { EventShapes } from '../../http/dialect.ts';
import type { EventType } from '../../model/event.ts';
import { examples } from './examples.ts';
import { time, toEventData } from './present.ts';
import { Organization, Reseller, User } from './schemas.ts';
import { Webhook } from './webhook-schemas.ts';

const data: Readonly<Record<EventType, v.GenericSchema>> = {
  'reseller.created': Reseller,
  'reseller.updated': Reseller,
  'reseller.deleted': Reseller,
  'reseller.organization.created': Organization,
  'reseller.organization.updated': Organization,
  'reseller.organization.deleted': Organization,
  'reseller.user.created': User,
  'reseller.user.updated': User,
  'reseller.user.deleted': User,
  'reseller.user.activated': User,
  'account.logged-in': User,
  'webhook.created': Webhook,
  'webhook.updated': Webhook,
  'webhook.deleted': Webhook,
  'webhook.disabled': Webhook,
};

/** Events as v3's webhooks carry them (contracts: v3, Webhooks). */
export const events: EventShapes = {
  bodySchema: (type) =>
    v.object({ event: v.literal(type), data: data[type], triggeredAt: v.pipe(v.string(), v.isoTimestamp()) }),
  body: (event) => ({
    event: event.type,
    data: v.parse(data[event.type], toEventData(event)),
    triggeredAt: time(event.occurredAt),
  }),
};

/** When the things of the examples were made. */
export const EXAMPLE_TIME_MS = Date.parse(examples.User.createdAt);

const exampleOf = new Map<v.GenericSchema, unknown>([
  [Reseller, examples.Reseller],
  [Organization, examples.Organization],
  [User, examples.User],
  [Webhook, examples.Webhook],
]);

/** A body as receivers get it, about things that don't exist. */
export function exampleBody(type: EventType, triggeredAtMs: number) {
  const { Webhook: webhook } = examples;
  const shown =
    type === 'webhook.disabled' ? { ...webhook, enabled: false, status: 'suspended' } : exampleOf.get(data[type]);
  return { event: type, data: shown, triggeredAt: time(triggeredAtMs) };
}
