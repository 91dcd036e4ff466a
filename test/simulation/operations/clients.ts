import { ask, look, post, wasDone } from '../caller.ts';
import { type Operation, oneOf, type Simulation } from '../simulation.ts';
import { callerAt } from './places.ts';

const clientsOf = (resellerId: string) => `/v1.0/accounts/${resellerId}/clients`;

/** An API client, or null where nobody was told its secret. */
export async function makeClient(
  simulation: Simulation,
  resellerId: string,
  scopes: readonly string[],
  by = simulation.operator,
) {
  const { model } = simulation;
  const name = simulation.unique('Client');
  const asked = await ask(simulation, by, { method: 'POST', path: clientsOf(resellerId), body: { name, scopes } });
  if (wasDone(simulation, asked) === false) return null;
  const listed = (await look(simulation, by, clientsOf(resellerId))).body.data;
  const id: string | undefined = listed.find((client: { name: string }) => client.name === name)?.id;
  if (id === undefined) {
    if (asked.answer !== null) simulation.problems.push(`${name} was made and is not there`);
    return null;
  }
  model.clients.set(id, { id, reseller_id: resellerId, name, revoked: 0 });
  return asked.answer && { id, secret: String(asked.answer.body.data.secret) };
}

const createClient: Operation = async (simulation, resellerId) => {
  const made = await makeClient(simulation, resellerId, ['webhook:read'], callerAt(simulation, resellerId));
  if (made === null) return;
  const form = { grant_type: 'client_credentials', client_id: made.id, client_secret: made.secret };
  const { answer } = await post(simulation, '/oauth/token', new URLSearchParams(form));
  if (answer?.status !== 200) simulation.problems.push(`a new client gets no token: ${answer?.text}`);
};

const revokeClient: Operation = async (simulation, resellerId) => {
  const { model } = simulation;
  const caller = callerAt(simulation, resellerId);
  const own = model.resellers.get(resellerId)?.client.id;
  const id = oneOf(
    simulation,
    [...model.clients].filter(([key, row]) => row['reseller_id'] === resellerId && row['revoked'] === 0 && key !== own),
  )?.[0];
  if (id === undefined) return;
  const path = `${clientsOf(resellerId)}/${id}`;
  const asked = await ask(simulation, caller, { method: 'DELETE', path });
  const done = wasDone(simulation, asked, asked.doubts > 0 ? [404] : []);
  const listed = (await look(simulation, caller, clientsOf(resellerId))).body.data;
  const gone = !listed.some((client: { id: string }) => client.id === id);
  if (gone !== (done ?? gone) && asked.doubts === 0) simulation.problems.push(`${path} is not as it was told`);
  if (gone) model.clients.get(id)!['revoked'] = 1;
};

export const clientOperations = { createClient, revokeClient };
