import { rows } from '../support/world.ts';
import { ask } from './caller.ts';
import { callerAt } from './operations/places.ts';
import { enable } from './operations/resellers.ts';
import { set } from './operations/webhooks.ts';
import type { Simulation } from './simulation.ts';

/** How long is waited before each look whether all is done; together longer than any retry takes. */
const WAITS_MS = [60, 60, 120, 300, 900, 3_600, 3_600, 7_200, ...Array<number>(30).fill(4 * 3_600)].map(
  (seconds) => seconds * 1000,
);

/** No faults any more: what was off is switched on, endpoints recover what they missed, and all work comes to its end. */
export async function heal(simulation: Simulation, startMs: number): Promise<void> {
  const { model, receivers, operator } = simulation;
  receivers.flaky = false;
  await settle(simulation);
  for (const [id, { row }] of model.resellers)
    if (row['gone'] === 0 && simulation.callers.has(id)) await enable(simulation, id);
  for (const [id, { row }] of model.endpoints) {
    const owner = row['reseller_id'] as string | null;
    if (owner !== null && model.resellers.get(owner)?.row['gone'] === 1) continue;
    if (row['enabled'] === 0) await set(simulation, id, true);
    const caller = owner === null ? operator : callerAt(simulation, owner);
    const body = { since: new Date(startMs).toISOString() };
    const { answer } = await ask(simulation, caller, { method: 'POST', path: `/v3/webhooks/${id}/recover`, body });
    if (answer?.status !== 201) simulation.problems.push(`no recovery: ${answer?.text}`);
  }
  await settle(simulation);
}

/** What is still to be done, in one number. */
const OPEN = `select (select count(*) from events where relay_at is not null)
  + (select count(*) from webhook_deliveries where state = 'pending'
    and endpoint_id in (select id from webhook_endpoints where enabled and deleted_at is null))
  + (select count(*) from webhook_recoveries where cursor < upto)
  + (select count(*) from emails where next_attempt_at is not null)
  + (select count(*) from organizations where deleted_at is not null and user_count > 0)
  + (select count(*) from storage_accounts where deleted_at is not null)
  + (select count(*) from storage_objects where state <> 'stored')
  + (select count(*) from status_update_progress where expanding_at is not null) as count`;

async function settle({ world }: Simulation): Promise<void> {
  for (const waitMs of WAITS_MS) {
    await world.advance(waitMs);
    const [open] = await rows<{ count: number }>(OPEN);
    if (open?.count === 0 && world.isQuiet()) return;
  }
  throw new Error('it does not settle');
}
