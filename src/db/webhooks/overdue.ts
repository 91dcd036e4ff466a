import { sql } from 'drizzle-orm';
import { WEBHOOK_SWEEP_ENDPOINTS } from '../../model/limits/index.ts';
import { webhookDeliveries, webhookEndpoints } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db } from '../sql/statement.ts';
import { hasDueBy } from './claim.ts';

// Skip scan: one step per endpoint, however many deliveries it has.
const overdue = query(() => ({
  with: sql`with recursive waiting (id) as (
      select min(endpoint_id) from ${webhookDeliveries} where state = 'pending'
      union all
      select (select min(endpoint_id) from ${webhookDeliveries} where state = 'pending' and endpoint_id > waiting.id)
      from waiting where waiting.id is not null
    )`,
  select: { endpointId: value<string>(sql`endpoint.id`) },
  from: sql`from waiting join ${webhookEndpoints} as endpoint on endpoint.id = waiting.id
    where endpoint.leased_until <= ${arg('now')} and ${hasDueBy(sql`${arg('before')}`)}
    limit ${arg('limit')}`,
}));

export const findOverdueEndpoints = (db: Db, times: { readonly now: number; readonly before: number }) =>
  overdue(db, { ...times, limit: WEBHOOK_SWEEP_ENDPOINTS });
