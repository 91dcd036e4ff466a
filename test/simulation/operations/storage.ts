import { ask, look, wasDone } from '../caller.ts';
import { objectKey } from '../model.ts';
import { type Operation, oneOf, type Simulation } from '../simulation.ts';
import { callerAt } from './places.ts';

const base = (resellerId: string) => `/v1.0/accounts/${resellerId}/storageAccounts`;
const KEYS = ['a', 'b/c', 'd'];
const QUOTA_BYTES = 60;

const create: Operation = async (simulation, resellerId) => {
  const { model } = simulation;
  const caller = callerAt(simulation, resellerId);
  const name = simulation.unique('Storage');
  const body = { name, quotaBytes: QUOTA_BYTES };
  const asked = await ask(simulation, caller, { method: 'POST', path: base(resellerId), body });
  if (wasDone(simulation, asked) === false) return;
  const listed = (await look(simulation, caller, base(resellerId))).body.data;
  const id: string | undefined = listed.find((account: { name: string }) => account.name === name)?.id;
  if (id !== undefined) model.storageAccounts.set(id, { id, reseller_id: resellerId, name, quota_bytes: QUOTA_BYTES });
  else if (asked.answer !== null) simulation.problems.push(`${name} was made and is not there`);
};

function pick(simulation: Simulation, resellerId: string): string | undefined {
  const own = [...simulation.model.storageAccounts].filter(([, row]) => row['reseller_id'] === resellerId);
  return oneOf(simulation, own)?.[0];
}

/** Sizes and texts of the objects that stand in a storage account. */
function objectsIn({ model }: Pick<Simulation, 'model'>, accountId: string): [string, string][] {
  return [...model.objects].filter(([key]) => key.startsWith(`${accountId} `));
}

const put: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const id = pick(simulation, resellerId);
  if (id === undefined) return;
  const caller = callerAt(simulation, resellerId);
  const key = world.random.pick(KEYS);
  const text = simulation.unique('text'.repeat(1 + world.random.below(5)));
  const path = `${base(resellerId)}/${id}/objects/${key}`;
  const question = {
    method: 'PUT',
    path,
    body: text,
    type: 'text/plain',
    headers: { 'Content-Length': String(text.length) },
  };
  const asked = await ask(simulation, caller, question);
  // What lost uploads reserved is given back later, so that the room may seem less than it is.
  const done = wasDone(simulation, asked, [413]);
  const used = objectsIn(simulation, id).reduce((sum, [, stored]) => sum + stored.length, 0);
  if (asked.doubts > 0) model.lostUploads.add(id);
  if (done === false && used + text.length <= QUOTA_BYTES && !model.lostUploads.has(id))
    simulation.problems.push(`no room for ${text.length} bytes beside ${used}`);
  if (done === false && asked.doubts === 0) return;
  const seen = await look(simulation, caller, path);
  if (done && seen.text !== text) simulation.problems.push(`${path} is not what was put there: ${seen.status}`);
  if (seen.text === text) model.objects.set(objectKey(id, key), text);
};

const remove: Operation = async (simulation, resellerId) => {
  const { model } = simulation;
  const id = pick(simulation, resellerId);
  const stored = id === undefined ? undefined : oneOf(simulation, objectsIn(simulation, id))?.[0];
  if (stored === undefined) return;
  const caller = callerAt(simulation, resellerId);
  const path = `${base(resellerId)}/${id}/objects/${stored.split(' ')[1]}`;
  const asked = await ask(simulation, caller, { method: 'DELETE', path });
  const done = wasDone(simulation, asked, asked.doubts > 0 ? [404] : []);
  const status = asked.answer?.status ?? (await look(simulation, caller, path)).status;
  if (done || status === 404) model.objects.delete(stored);
};

const purge: Operation = async (simulation, resellerId) => {
  const { model } = simulation;
  const id = pick(simulation, resellerId);
  if (id === undefined) return;
  const caller = callerAt(simulation, resellerId);
  const path = `${base(resellerId)}/${id}`;
  const asked = await ask(simulation, caller, { method: 'DELETE', path: `${path}?purge=true` });
  const done = wasDone(simulation, asked, asked.doubts > 0 ? [404] : []);
  const closed = async () => {
    const { status, body } = await look(simulation, caller, path);
    return status === 404 || body.data.purge !== null;
  };
  if (done === null ? !(await closed()) : !done && asked.answer?.status !== 404) return;
  for (const [key] of objectsIn(simulation, id)) model.objects.delete(key);
  model.storageAccounts.delete(id);
};

export const storageOperations = { create, put, remove, purge };
