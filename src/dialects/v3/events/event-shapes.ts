import * as v from 'valibot';
import type { EventShapes } from '../../../http/routes/dialect.ts';
import type { EventType } from '../../../model/events/event.ts';
import { time, toEventData } from '../present.ts';
import { Organization, Reseller, User } from '../schemas.ts';
import { Webhook } from '../webhooks/webhook-schemas.ts';

/** What an event of each type shows. */
export const dataOf: Readonly<Record<EventType, v.GenericSchema>> = {
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
    v.object({ event: v.literal(type), data: dataOf[type], triggeredAt: v.pipe(v.string(), v.isoTimestamp()) }),
  body: (event) => ({
    event: event.type,
    data: v.parse(dataOf[event.type], toEventData(event)),
    triggeredAt: time(event.occurredAt),
  }),
};
