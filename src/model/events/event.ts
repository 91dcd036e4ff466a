import * as v from 'valibot';
import { Organization } from '../resellers/organization.ts';
import { Reseller } from '../resellers/reseller.ts';
import { User } from '../users/user.ts';
import { Webhook } from '../webhooks/webhook.ts';

/** What events are about. */
const SUBJECTS = { reseller: Reseller, organization: Organization, user: User, webhook: Webhook };
type Subjects = typeof SUBJECTS;
export type Subject = keyof Subjects;
export type State<S extends Subject> = v.InferOutput<Subjects[S]>;

const created = <T extends string, S extends Subject>(type: T, subject: S) => ({
  ...v.object({ type: v.literal(type), before: v.null(), after: SUBJECTS[subject] }),
  subject,
});
const changed = <T extends string, S extends Subject>(type: T, subject: S) => ({
  ...v.object({ type: v.literal(type), before: SUBJECTS[subject], after: SUBJECTS[subject] }),
  subject,
});
const deleted = <T extends string, S extends Subject>(type: T, subject: S) => ({
  ...v.object({ type: v.literal(type), before: SUBJECTS[subject], after: v.null() }),
  subject,
});

export const Event = v.variant('type', [
  created('reseller.created', 'reseller'),
  changed('reseller.updated', 'reseller'),
  deleted('reseller.deleted', 'reseller'),
  created('reseller.organization.created', 'organization'),
  changed('reseller.organization.updated', 'organization'),
  deleted('reseller.organization.deleted', 'organization'),
  created('reseller.user.created', 'user'),
  changed('reseller.user.updated', 'user'),
  deleted('reseller.user.deleted', 'user'),
  changed('reseller.user.activated', 'user'),
  changed('account.logged-in', 'user'),
  created('webhook.created', 'webhook'),
  changed('webhook.updated', 'webhook'),
  deleted('webhook.deleted', 'webhook'),
  changed('webhook.disabled', 'webhook'),
]);

export type Event = v.InferOutput<typeof Event>;
export type EventType = Event['type'];

export const EVENT_TYPES: readonly EventType[] = Event.options.map((option) => option.entries.type.literal);

export const SUBJECT_OF = Object.fromEntries(
  Event.options.map(({ entries, subject }) => [entries.type.literal, subject]),
) as Readonly<Record<EventType, Subject>>;

/** An event as it stands in the outbox: who did it, to whom, when, and in which request. */
export type EventRecord = Event & {
  readonly id: string;
  readonly resellerId: string | null;
  readonly actor: string;
  readonly subject: string;
  readonly requestId: string;
  readonly occurredAt: number;
};
