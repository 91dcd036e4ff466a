import { expect, test } from 'vitest';
import { measureGauges } from '../../src/db/jobs/gauges.ts';
import { writeRequestCounts } from '../../src/db/jobs/request-metrics.ts';
import { countRequest, newRequestCounts } from '../../src/model/usage/request-counts.ts';
import { planOf, statementsOf, wasteOf } from '../support/measures/plans.ts';
import { operator } from '../support/world.ts';

test('of the statements behind the metrics only that over all routes reads a whole table, in its order', async () => {
  const caller = await operator();
  const counts = newRequestCounts(0);
  countRequest(counts, { route: '/', method: 'GET', status: 200, durationMs: 1, budget: 'bytes' });
  const statements = await statementsOf(async (session) => {
    expect((await caller.get('/v3/operations/metrics')).status).toBe(200);
    await writeRequestCounts(session, counts, 1);
  });
  expect(statements.size).toBe(7);
  const wasteful = Object.entries(await wasteOf(statements));
  expect(wasteful.map(([sql, details]) => [/from "?(\w+)/.exec(sql)?.[1], details])).toEqual([
    ['request_metrics', ['SCAN request_metrics']],
    ['counters', ['SCAN counters']],
    ['jobs', ['SCAN jobs']],
    ['gauges', ['SCAN gauges']],
  ]);
});

test('how long each queue is old is read off its index', async () => {
  const statements = await statementsOf((session) => measureGauges(session, 1));
  const gauges = [...statements].find((sql) => sql.includes('recursive')) ?? '';
  const plan = (await planOf(gauges)).join('\n').replaceAll('COVERING ', '');
  for (const index of [
    'events USING INDEX events_outbox',
    'webhook_deliveries USING INDEX webhook_deliveries_due',
    'emails USING INDEX emails_due',
    'webhook_recoveries USING INDEX webhook_recoveries_idle',
    'status_update_progress USING INDEX status_updates_expanding',
    'storage_accounts USING INDEX storage_accounts_deleted',
  ])
    expect(plan).toContain(index);
});
