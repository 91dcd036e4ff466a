import { ask, look, wasDone } from '../caller.ts';
import { forgetUser } from '../memberships.ts';
import { hear, resellersOf } from '../model.ts';
import { belongsElsewhere, holding, type Operation, oneOf, usersAt } from '../simulation.ts';
import { callerAt, organizationsAt } from './places.ts';

const base = (resellerId: string) => `/v3/resellers/${resellerId}/organizations`;

const create: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const caller = callerAt(simulation, resellerId);
  const name = simulation.unique('Customer');
  const byV3 = world.random.chance(0.5);
  const allowedUsers = byV3 ? world.random.pick([-1, 1, 2]) : -1;
  const row = {
    name,
    allowed_users: allowedUsers,
    reseller_id: resellerId,
    email: byV3 ? 'it@example.com' : '',
    company_name: byV3 ? '' : 'Example GmbH',
  };
  const asked = await ask(
    simulation,
    caller,
    byV3
      ? { method: 'POST', path: base(resellerId), body: { name, email: 'it@example.com', allowedUsers } }
      : {
          method: 'POST',
          path: '/reseller/customers',
          body: { name, organizational_info: { company_name: 'Example GmbH' } },
        },
  );
  if (wasDone(simulation, asked) === false) return;
  const [found] = (await look(simulation, caller, `${base(resellerId)}?name=${encodeURIComponent(name)}`)).body;
  if (found === undefined) {
    if (asked.answer !== null) simulation.problems.push(`${name} was made and is not there`);
    return;
  }
  model.organizations.set(found.id, { id: found.id, ...row });
  hear(model, resellerId, 'reseller.organization.created', found.id);
};

const update: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const caller = callerAt(simulation, resellerId);
  const id = oneOf(simulation, organizationsAt(simulation, resellerId));
  if (id === undefined) return;
  const text = simulation.unique('text');
  const byV3 = world.random.chance(0.5);
  const asked = await ask(
    simulation,
    caller,
    byV3
      ? { method: 'PATCH', path: `${base(resellerId)}/${id}`, body: { description: text } }
      : { method: 'PUT', path: `/reseller/customers/${id}`, body: { organizational_info: { company_name: text } } },
  );
  let done = wasDone(simulation, asked);
  if (done === null) {
    const { body } = await look(simulation, caller, byV3 ? `${base(resellerId)}/${id}` : `/reseller/customers/${id}`);
    done = (byV3 ? body.description : body.organizational_info.company_name) === text;
  }
  if (!done) return;
  Object.assign(model.organizations.get(id)!, byV3 ? { description: text } : { company_name: text });
  hear(model, resellerId, 'reseller.organization.updated', id);
};

/** Takes an organization away with its users, whom a job removes later; not where one of them would move elsewhere then. */
const remove: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const caller = callerAt(simulation, resellerId);
  const id = oneOf(simulation, organizationsAt(simulation, resellerId));
  if (id === undefined) return;
  const inside = usersAt(simulation, resellerId).filter(([, { row }]) => row['organization_id'] === id);
  if (inside.some(([userId]) => belongsElsewhere(simulation, userId))) return;
  const others = new Set(
    inside.flatMap(([userId]) => resellersOf(model, userId)).filter((there) => there !== resellerId),
  );
  await holding(simulation, [...others], async () => {
    const path = world.random.pick([`${base(resellerId)}/${id}`, `/reseller/customers/${id}`]);
    const asked = await ask(simulation, caller, { method: 'DELETE', path });
    const done = wasDone(simulation, asked, asked.doubts > 0 ? [404] : []);
    const gone = asked.answer?.status ?? (await look(simulation, caller, `${base(resellerId)}/${id}`)).status;
    if (!done && gone !== 404) return;
    model.organizations.delete(id);
    hear(model, resellerId, 'reseller.organization.deleted', id);
    for (const [userId] of inside) forgetUser(model, userId);
  });
};

export const organizationOperations = { create, update, remove };
