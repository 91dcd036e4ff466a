import { sql } from 'drizzle-orm';
import { webhookAttempts } from '../schema/index.ts';
import { lister } from '../sql/listing.ts';
import { columnsOf } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';

const names = [
  'id',
  'deliveryId',
  'endpointId',
  'eventId',
  'eventType',
  'attempt',
  'status',
  'attemptedAt',
  'durationMs',
  'statusCode',
  'reason',
  'answer',
  'nextAttemptAt',
] as const;
const columns = columnsOf(webhookAttempts, 'log', names);

export type DeliveryAttempt = Pick<typeof webhookAttempts.$inferSelect, (typeof names)[number]>;

const exact = (name: string, folded = true) => ({ column: sql.raw(`log.${name}`), folded });

export const listAttempts = lister({
  alias: 'log',
  selected: columns,
  table: sql`${webhookAttempts} as log`,
  rows: () => sql`log.reseller_id is ${arg('tenant')}`,
  sorts: { createdAt: sql`log.attempted_at` },
  texts: {
    id: { ...exact('id'), finds: 'few' },
    webhookId: { ...exact('endpoint_id'), finds: 'many' },
    deliveryId: { ...exact('delivery_id'), finds: 'many' },
    eventId: { ...exact('event_id'), finds: 'many' },
    event: exact('event_type', false),
    status: exact('status', false),
  },
  times: { createdAt: sql`log.attempted_at` },
  searched: [sql`lower(log.reason)`],
});
