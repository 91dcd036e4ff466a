import { availableScopes } from '../../../src/model/clients/scope.ts';
import { type Asked, ask, type Caller, callerOf, look, wasDone } from '../caller.ts';
import { forgetReseller, hear, type Row, resellersOf } from '../model.ts';
import type { Operation, Simulation } from '../simulation.ts';
import { makeClient } from './clients.ts';
import { callerAt } from './places.ts';

/** A reseller, by v3 or as an account, with an API client that may do everything in it. */
export async function makeReseller(simulation: Simulation): Promise<void> {
  const { model, operator, world, callers } = simulation;
  const name = simulation.unique('Reseller');
  const byV3 = world.random.chance(0.5);
  const body = byV3
    ? { name, email: 'office@example.com', allowedUsers: -1, allowedOrganizations: -1 }
    : { name, enabled: true, countryCode: 'CH' };
  const asked = await ask(simulation, operator, {
    method: 'POST',
    path: byV3 ? '/v3/resellers' : '/v1.0/accounts',
    body,
  });
  if (wasDone(simulation, asked) === false) return;
  const [found] = (await look(simulation, operator, `/v3/resellers?name=${encodeURIComponent(name)}`)).body;
  if (found === undefined) {
    if (asked.answer !== null) simulation.problems.push(`${name} was made and is not there`);
    return;
  }
  const id: string = found.id;
  const row: Row = {
    id,
    name,
    email: byV3 ? 'office@example.com' : '',
    enabled: 1,
    gone: 0,
    reference: '',
    description: '',
    google_sign_in: 'automatic',
  };
  hear(model, id, 'reseller.created', id);
  const secret = await makeClient(simulation, id, availableScopes(id), simulation.operator);
  if (secret === null) {
    model.resellers.set(id, { row, client: { id: '', secret: '' } });
    return;
  }
  model.resellers.set(id, { row, client: secret });
  callers.set(id, callerOf(secret));
}

/** A change of the reseller itself, by the operator. */
async function change(simulation: Simulation, resellerId: string, patch: Record<string, unknown>, byV3: boolean) {
  const { model, operator } = simulation;
  const path = `/v1.0/accounts/${resellerId}`;
  const operations = Object.entries(patch).map(([name, value]) => ({ op: 'replace', path: `/${name}`, value }));
  const question = byV3
    ? { method: 'PATCH', path: `/v3/resellers/${resellerId}`, body: patch }
    : { method: 'PATCH', path, body: operations, type: 'application/json-patch+json' };
  const { row } = model.resellers.get(resellerId)!;
  const asked: Asked = await ask(simulation, operator, question);
  const [[name = '', value] = []] = Object.entries(patch);
  let done = wasDone(simulation, asked);
  if (done === null) done = (await look(simulation, operator, path)).body.data[name] === value;
  if (!done) return;
  row[name] = typeof value === 'boolean' ? Number(value) : String(value);
  hear(model, resellerId, 'reseller.updated', resellerId);
}

const describe: Operation = (simulation, resellerId) =>
  change(simulation, resellerId, { description: simulation.unique('text') }, simulation.world.random.chance(0.5));

/** What is switched off has its sessions ended by and by. */
const toggle: Operation = async (simulation, resellerId) => {
  const { model } = simulation;
  const enabled = model.resellers.get(resellerId)?.row['enabled'] === 0;
  await change(simulation, resellerId, { enabled }, false);
  for (const session of model.sessions.values()) if (session.state === 'alive' && !enabled) session.state = 'either';
};

/** The account is on again, whatever it was. */
export const enable: Operation = async (simulation, resellerId) => {
  if (simulation.model.resellers.get(resellerId)?.row['enabled'] === 0) await toggle(simulation, resellerId);
};

const brand: Operation = (simulation, resellerId) =>
  brandBy(simulation, resellerId, callerAt(simulation, resellerId), true);

/** Whether the caller may is known. */
export async function brandBy(simulation: Simulation, resellerId: string, by: Caller, may: boolean): Promise<void> {
  const { model, trace, problems } = simulation;
  const path = `/v1.0/accounts/${resellerId}/branding`;
  const productName = simulation.unique('Product');
  const asked = await ask(simulation, by, { method: 'PUT', path, body: { productName, primaryColor: '#ABCDEF' } });
  const shown = async () => (await look(simulation, callerAt(simulation, resellerId), path)).body.data?.productName;
  const done = wasDone(simulation, asked, may ? [] : [403]) ?? (await shown()) === productName;
  if (done && !may) problems.push(`${trace.at(-1)}, without the right`);
  if (done)
    model.brandings.set(resellerId, { reseller_id: resellerId, product_name: productName, primary_color: '#abcdef' });
}

/** Takes a reseller with all beneath it away, if nobody there belongs to another too. */
const remove: Operation = async (simulation, resellerId) => {
  const { model, operator, world } = simulation;
  const living = [...model.resellers.values()].filter(({ row }) => row['gone'] === 0);
  const ties = [...model.memberships.keys()]
    .filter((key) => key.endsWith(` ${resellerId}`))
    .map((key) => key.split(' ')[0]!);
  const tied = ties.some((userId) => resellersOf(model, userId).length > 1);
  if (living.length < 3 || tied || [...model.resellers.keys()][0] === resellerId) return;
  const path = world.random.pick([`/v1.0/accounts/${resellerId}`, `/v3/resellers/${resellerId}`]);
  const asked = await ask(simulation, operator, { method: 'DELETE', path });
  const done = wasDone(simulation, asked, asked.doubts > 0 ? [404] : []);
  const gone = asked.answer?.status ?? (await look(simulation, operator, `/v3/resellers/${resellerId}`)).status;
  if (!done && gone !== 404) return;
  hear(model, resellerId, 'reseller.deleted', resellerId);
  forgetReseller(model, resellerId);
};

export const resellerOperations = { makeReseller, describe, toggle, brand, remove };
