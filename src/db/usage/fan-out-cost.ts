import { sql } from 'drizzle-orm';
import type { NewEmail } from '../../model/emails/email.ts';
import { ROW_BYTES } from '../../model/limits/index.ts';
import { startOfDay } from '../../model/usage/budgets.ts';
import { events } from '../schema/index.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { insertCharge, unlimitedCharge } from './budgets.ts';

export type EventBody = { readonly id: string; readonly payer: string | null; readonly body: string };
type Fanout = {
  readonly deliveries: readonly { readonly eventId: string }[];
  readonly bodies: readonly EventBody[];
  readonly mails: readonly NewEmail[];
};

// Events that another consumer has closed cost nothing.
const charge = statement(() =>
  insertCharge(sql`given.value ->> 'resellerId'`, sql`from json_each(${arg('costs')}) as given where true`, {
    bytes: sql`(select ifnull(sum(cost.value ->> 'bytes'), 0) from json_each(given.value, '$.events') as cost
      join ${events} as event on event.id = cost.value ->> 'id' where event.relay_at is not null)`,
    emails: sql`0`,
  }),
);

/** Precedes the statement that closes the events. */
export const chargeFanout = (db: Db, fanout: Fanout, now: number) =>
  charge(db, { ...unlimitedCharge(0), day: startOfDay(now), costs: JSON.stringify(costsOf(fanout)) });

function costsOf({ deliveries, bodies, mails }: Fanout) {
  const rows = Map.groupBy([...deliveries, ...mails], ({ eventId }) => eventId);
  const ofTenants = bodies.filter(({ payer }) => payer !== null);
  return [...Map.groupBy(ofTenants, ({ payer }) => payer)].map(([resellerId, its]) => ({
    resellerId,
    events: its.map(({ id, body }) => ({
      id,
      bytes: Buffer.byteLength(body) + ROW_BYTES * (rows.get(id)?.length ?? 0),
    })),
  }));
}
