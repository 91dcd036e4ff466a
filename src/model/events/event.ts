import * as v from 'valibot';
import { Organization } from '../resellers/organization.ts';
import { Reseller } from '../resellers/reseller.ts';
import { User } from '../users/user.ts';
import { Webhook } from '../webhooks/webhook.ts';

type Snapshot = typeof Reseller | typeof Organization | typeof User | typeof Webhook;

const created = <T extends string, S extends Snapshot>(type: T, subject: S) =>
  v.object({ type: v.literal(type), before: v.null(), after: subject });
const changed = <T extends string, S extends Snapshot>(type: T, subject: S) =>
  v.object({ type: v.literal(type), before: subject, after: subject });
const deleted = <T extends string, S extends Snapshot>(type: T, subject: S) =>
  v.object({ type: v.literal(type), before: subject, after: v.null() });

export const Event = v.variant('type', [
  created('reseller.created', Reseller),
  changed('reseller.updated', Reseller),
  deleted('reseller.deleted', Reseller),
  created('reseller.organization.created', Organization),
  changed('reseller.organization.updated', Organization),
  deleted('reseller.organization.deleted', Organization),
  created('reseller.user.created', User),
  changed('reseller.user.updated', User),
  deleted('reseller.user.deleted', User),
  changed('reseller.user.activated', User),
  changed('account.logged-in', User),
  created('webhook.created', Webhook),
  changed('webhook.updated', Webhook),
  deleted('webhook.deleted', Webhook),
  changed('webhook.disabled', Webhook),
]);

export type Event = v.InferOutput<typeof Event>;
export type EventType = Event['type'];

export const EVENT_TYPES: readonly EventType[] = Event.options.map((option) => option.entries.type.literal);

export type EventRecord = Event & {
  readonly id: string;
  readonly resellerId: string | null;
  readonly actor: string;
  readonly subject: string;
  readonly requestId: string;
  readonly occurredAt: number;
};
