import { sql } from 'drizzle-orm';
import { WEBHOOK_SWEEP_ENDPOINTS } from '../../model/limits/index.ts';
import { webhookDeliveries, webhookEndpoints } from '../schema/index.ts';
import { arg, type Db, statement } from '../sql/statement.ts';
import { hasDueBy } from './claim.ts';

// Steps from endpoint to endpoint through the index, so that one with many deliveries costs no more than another.
const overdue = statement(
  () => sql`with recursive waiting (id) as (
      select min(endpoint_id) from ${webhookDeliveries} where state = 'pending'
      union all
      select (select min(endpoint_id) from ${webhookDeliveries} where state = 'pending' and endpoint_id > waiting.id)
      from waiting where waiting.id is not null
    )
    select endpoint.id as endpointId from waiting join ${webhookEndpoints} as endpoint on endpoint.id = waiting.id
    where endpoint.leased_until <= ${arg('now')} and ${hasDueBy(sql`${arg('before')}`)}
    limit ${arg('limit')}`,
);

/** Endpoints that nobody serves, though a delivery to them was due before this time. */
export async function findOverdue(
  db: Db,
  given: { readonly now: number; readonly before: number },
): Promise<{ endpointId: string }[]> {
  const { results } = await overdue(db, { ...given, limit: WEBHOOK_SWEEP_ENDPOINTS }).all<{
    endpointId: string;
  }>();
  return results;
}
