import { sql } from 'drizzle-orm';
import { NO_ORIGIN } from '../../model/events/audit.ts';
import type { Webhook } from '../../model/webhooks/webhook.ts';
import { chain } from '../commit/chain.ts';
import { insertEventAfter } from '../commit/commit.ts';
import { webhookEndpoints } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { arg, type Db, statement, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, unlimitedCharge } from '../usage/budgets.ts';
import { webhookColumns } from './webhooks.ts';

const find = query(() => ({
  select: { webhook: webhookColumns },
  from: sql`from ${webhookEndpoints} as webhook where webhook.id = ${arg('id')}`,
}));

export async function findAnyWebhook(db: Db, id: string): Promise<Webhook | null> {
  const [found] = await find(db, { id });
  return found?.webhook ?? null;
}

const suspend = statement(
  () => sql`update ${webhookEndpoints} set enabled = 0, status = 'suspended', updated_at = ${arg('updatedAt')}
    where id = ${arg('id')} and enabled and updated_at = ${arg('readAt')}`,
);

/** False if the endpoint has changed since it was read. Trigger webhook_endpoints_off. */
export async function recordSuspension(
  db: Db,
  before: Webhook,
  after: Webhook,
  cause: { readonly eventId: string; readonly now: number },
): Promise<boolean> {
  const suspended = chain(
    suspend(db, { id: after.id, updatedAt: after.updatedAt, readAt: before.updatedAt }),
    insertEventAfter(
      db,
      { type: 'webhook.disabled', before, after },
      {
        id: cause.eventId,
        resellerId: after.resellerId,
        subject: after.id,
        actor: 'system:webhooks',
        requestId: cause.eventId,
        now: cause.now,
        ...NO_ORIGIN,
      },
    ),
  );
  const charge = unlimitedCharge(writtenBytes(suspended), 1);
  const [written] = await db.batch([...chain(...suspended, ...chargeAfter(db, after.resellerId, charge, cause.now))]);
  // Includes rows changed by triggers.
  return (written?.meta.changes ?? 0) > 0;
}
