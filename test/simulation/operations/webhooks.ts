import { ask, look, wasDone } from '../caller.ts';
import { hear } from '../model.ts';
import { type Operation, oneOf, type Simulation } from '../simulation.ts';
import { callerAt } from './places.ts';

const KINDS = [['*'], ['reseller.user.created', 'reseller.user.deleted'], ['reseller.user.updated', 'webhook.updated']];

const create: Operation = async (simulation, resellerId) => {
  const { model, world, operator } = simulation;
  const ofOperator = world.random.chance(0.25);
  const owner = ofOperator ? null : resellerId;
  const caller = ofOperator ? operator : callerAt(simulation, resellerId);
  const name = simulation.unique('hook');
  const url = `https://${name}.example.net/`;
  const events = world.random.pick(KINDS);
  const token = simulation.unique('token');
  const body = { name, url, token, enabled: true, events };
  const asked = await ask(simulation, caller, { method: 'POST', path: '/v3/webhooks', body });
  if (wasDone(simulation, asked) === false) return;
  const [found] = (await look(simulation, caller, `/v3/webhooks?name=${name}`)).body;
  if (found === undefined) {
    if (asked.answer !== null) simulation.problems.push(`${name} was made and is not there`);
    return;
  }
  const row = { id: found.id, reseller_id: owner, name, url, enabled: 1 };
  model.endpoints.set(found.id, { row, events, tokens: [token] });
  hear(model, owner, 'webhook.created', found.id);
};

/** One of the reseller's; those of the operator are changed by whoever is at work at the first reseller. */
function pick(simulation: Simulation, resellerId: string) {
  const { model, operator } = simulation;
  const isFirst = [...model.resellers.keys()][0] === resellerId;
  const own = [...model.endpoints.values()].filter(
    ({ row }) => row['reseller_id'] === resellerId || (isFirst && row['reseller_id'] === null),
  );
  const endpoint = oneOf(simulation, own);
  const owner = endpoint?.row['reseller_id'] as string | null;
  return endpoint && { ...endpoint, owner, caller: owner === null ? operator : callerAt(simulation, owner) };
}

const toggle: Operation = async (simulation, resellerId) => {
  const found = pick(simulation, resellerId);
  if (found === undefined) return;
  await set(simulation, String(found.row['id']), found.row['enabled'] === 0);
};

/** Switches an endpoint on or off. */
export async function set(simulation: Simulation, id: string, enabled: boolean): Promise<void> {
  const { model, operator } = simulation;
  const { row } = model.endpoints.get(id)!;
  const owner = row['reseller_id'] as string | null;
  const caller = owner === null ? operator : callerAt(simulation, owner);
  const path = `/v3/webhooks/${id}`;
  const asked = await ask(simulation, caller, { method: 'PATCH', path, body: { enabled } });
  const done = wasDone(simulation, asked) ?? (await look(simulation, caller, path)).body.enabled === enabled;
  if (!done) return;
  const changed = row['enabled'] !== Number(enabled);
  row['enabled'] = Number(enabled);
  if (changed) hear(model, owner, 'webhook.updated', id);
}

const rotate: Operation = async (simulation, resellerId) => {
  const found = pick(simulation, resellerId);
  if (found === undefined) return;
  const { row, caller, owner, tokens } = found;
  const token = simulation.unique('token');
  const path = `/v3/webhooks/${row['id']}/rotate-token`;
  const asked = await ask(simulation, caller, { method: 'POST', path, body: { token } });
  const done = wasDone(simulation, asked);
  if (done === false) return;
  // Where nobody knows, either may sign.
  tokens.push(token);
  hear(simulation.model, owner, 'webhook.updated', String(row['id']), { least: done ? 1 : 0, most: 1 });
};

const remove: Operation = async (simulation, resellerId) => {
  const found = pick(simulation, resellerId);
  if (found === undefined) return;
  const { row, caller, owner } = found;
  const id = String(row['id']);
  const path = `/v3/webhooks/${id}`;
  const asked = await ask(simulation, caller, { method: 'DELETE', path });
  const done = wasDone(simulation, asked, asked.doubts > 0 ? [404] : []);
  const status = asked.answer?.status ?? (await look(simulation, caller, path)).status;
  if (!done && status !== 404) return;
  simulation.model.endpoints.delete(id);
  hear(simulation.model, owner, 'webhook.deleted', id);
};

export const webhookOperations = { create, toggle, rotate, remove };
