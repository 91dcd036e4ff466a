import * as v from 'valibot';
import type { EventShapes } from '../../../http/routes/dialect.ts';
import { type State, SUBJECT_OF, type Subject } from '../../../model/events/event.ts';
import { time, toOrganization, toReseller, toUser, toWebhook } from '../present.ts';
import { Organization, Reseller } from '../resellers/schemas.ts';
import { User } from '../users/schemas.ts';
import { Webhook } from '../webhooks/schemas.ts';

/** The fields of each subject that its events show. */
const shapes: { readonly [S in Subject]: { schema: v.GenericSchema; present: (state: State<S>) => unknown } } = {
  reseller: { schema: Reseller, present: toReseller },
  organization: { schema: Organization, present: toOrganization },
  user: { schema: User, present: toUser },
  webhook: { schema: Webhook, present: toWebhook },
};

/** The state after the event; for a deletion the one before. */
function dataOf<S extends Subject>(subject: S, state: State<S>): unknown {
  const { schema, present } = shapes[subject];
  return v.parse(schema, present(state));
}

export const events: EventShapes = {
  bodySchema: (type) =>
    v.object({
      event: v.literal(type),
      data: shapes[SUBJECT_OF[type]].schema,
      triggeredAt: v.pipe(v.string(), v.isoTimestamp()),
    }),
  body: (event) => ({
    event: event.type,
    data: dataOf(SUBJECT_OF[event.type], event.after ?? event.before),
    triggeredAt: time(event.occurredAt),
  }),
};
