import { audit } from '../../support/faults/audit.ts';
import { type Listener, readFacts } from '../../support/faults/facts.ts';
import { rows } from '../../support/world.ts';
import { eventKey } from '../model.ts';
import type { Simulation } from '../simulation.ts';

/** Each change raised its event, so often as it happened, and each endpoint got those that it asked for. */
export async function checkEvents(simulation: Simulation): Promise<string[]> {
  const { model, world } = simulation;
  const found = await rows<{ reseller_id: string | null; type: string; subject: string; times: number }>(
    'select reseller_id, type, subject, count(*) as times from events where audit_only = 0 group by 1, 2, 3',
  );
  const counted = new Map(
    found.map(({ reseller_id, type, subject, times }) => [eventKey(reseller_id, type, subject), times]),
  );
  const raised = [...new Set([...model.events.keys(), ...counted.keys()])].flatMap((key) => {
    const { least, most } = model.events.get(key) ?? { least: 0, most: 0 };
    const times = counted.get(key) ?? 0;
    return least <= times && times <= most ? [] : [`event ${key}: ${times} and not ${least} to ${most}`];
  });
  const delivered = audit(await readFacts(world, listenersOf(simulation)));
  const wrong = Object.entries(delivered).filter(([, list]) => list.length > 0);
  return [...raised, ...wrong.map(([what, list]) => `deliveries ${what}: ${JSON.stringify(list).slice(0, 600)}`)];
}

/** The endpoints of those who are still there. */
function listenersOf({ model, receivers }: Simulation): Listener[] {
  const living = [...model.endpoints].filter(
    ([, { row }]) => model.resellers.get(String(row['reseller_id']))?.row['gone'] !== 1,
  );
  return living.map(([id, { row, events, tokens }]) => ({
    id,
    owner: { resellerId: row['reseller_id'] as string | null },
    events,
    tokens,
    place: {
      url: String(row['url']),
      seen: async () => receivers.at(String(row['url'])),
      mostOpen: async () => 0,
    },
  }));
}
