import { ask, look, wasDone } from '../caller.ts';
import { endMembership, forgetUser, gainRoles, invite, setDisabled, setRoles } from '../memberships.ts';
import { hear, isDisabled, membershipKey, resellersOf } from '../model.ts';
import { membersAt } from '../sessions.ts';
import { elsewhere, holding, linksOf, type Operation, oneOf } from '../simulation.ts';
import { isFull, REFUSED_FULL, ROLES } from './new-users.ts';
import { enter } from './people.ts';
import { accountUsers, callerAt, v3Users } from './places.ts';

const patchRoles: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const found = oneOf(
    simulation,
    [...model.memberships.keys()].filter((key) => key.endsWith(` ${resellerId}`)),
  );
  const id = found?.split(' ')[0];
  if (id === undefined) return;
  const user = model.users.get(id)!;
  const others = elsewhere(simulation, id, resellerId);
  await holding(simulation, others, async () => {
    const roles = ['account.user', ...ROLES.filter(() => world.random.chance(0.5))];
    const before = model.memberships.get(membershipKey(id, resellerId)) ?? [];
    const links = linksOf(simulation, user);
    const path = `${accountUsers(resellerId)}/${id}`;
    const body = [{ op: 'replace', path: '/roles', value: roles }];
    const asked = await ask(simulation, callerAt(simulation, resellerId), { method: 'PATCH', path, body });
    let done = wasDone(simulation, asked);
    if (done === null) {
      const { body: shown } = await look(simulation, callerAt(simulation, resellerId), path);
      done = JSON.stringify(shown.data.roles) === JSON.stringify(roles);
    }
    if (!done) return;
    setRoles(model, id, resellerId, roles);
    if (JSON.stringify(before) !== JSON.stringify(roles)) hear(model, resellerId, 'reseller.user.updated', id);
    const gained = roles.filter((role) => !before.includes(role));
    if (gained.length > 0) gainRoles(model, id, resellerId, gained, links);
  });
};

const join: Operation = async (simulation, resellerId) => {
  const { model, operator } = simulation;
  const strangers = [...model.users].filter(([id]) => {
    const key = membershipKey(id, resellerId);
    return !model.memberships.has(key) && !model.refused.has(key);
  });
  // Those who chose their password themselves keep it as guests, and sign in.
  const own = strangers.filter(([, { password, prepared }]) => password !== null && prepared === null);
  const found = oneOf(simulation, own.length > 0 ? own : strangers);
  if (found === undefined) return;
  const [id, { row }] = found;
  if (model.resellers.get(String(row['reseller_id']))?.row['gone'] === 1) return;
  await holding(simulation, resellersOf(model, id), async () => {
    const body = { email: row['email'], displayName: 'Somebody', roles: [ROLES[0]] };
    const asked = await ask(simulation, operator, { method: 'POST', path: accountUsers(resellerId), body });
    const path = `${accountUsers(resellerId)}/${id}`;
    const done = wasDone(simulation, asked) ?? (await look(simulation, operator, path)).status === 200;
    if (!done) return;
    invite(model, id, resellerId, ['account.user', ROLES[0]!], simulation.world.clock.nowMs);
  });
};

const remove: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const found = oneOf(
    simulation,
    [...model.memberships.keys()].filter((key) => key.endsWith(` ${resellerId}`)),
  );
  const id = found?.split(' ')[0];
  const user = model.users.get(id ?? '');
  if (id === undefined || user === undefined) return;
  const isHome = user.row['reseller_id'] === resellerId;
  const customerId = user.row['organization_id'];
  const paths = [`${accountUsers(resellerId)}/${id}`];
  if (isHome) paths.push(`${v3Users(resellerId)}/${id}`);
  if (isHome && customerId !== null) paths.push(`/reseller/customers/${customerId}/users/${id}`);
  await holding(simulation, elsewhere(simulation, id, resellerId), async () => {
    const path = world.random.pick(paths);
    const asked = await ask(simulation, callerAt(simulation, resellerId), { method: 'DELETE', path });
    // A repeated deletion finds nothing any more.
    const done = wasDone(simulation, asked, asked.doubts > 0 ? [404] : []);
    const gone = async () => (await look(simulation, callerAt(simulation, resellerId), paths[0]!)).status === 404;
    if (done === null ? !(await gone()) : !done && asked.answer?.status !== 404) return;
    if (isHome) forgetUser(model, id);
    else endMembership(model, id, resellerId);
  });
};

/** Disables or enables a member: one of its own by either dialect, a guest by accounts. */
const disable: Operation = async (simulation, resellerId) => {
  const { model, world } = simulation;
  const members = membersAt(simulation, resellerId);
  const disabled = members.filter(([id]) => isDisabled(model, id, resellerId));
  const found = oneOf(simulation, disabled.length > 0 && world.random.chance(0.6) ? disabled : members);
  if (found === undefined) return;
  const [id, user] = found;
  await holding(simulation, elsewhere(simulation, id, resellerId), async () => {
    const comes = isDisabled(model, id, resellerId);
    const atHome = user.row['reseller_id'] === resellerId;
    const links = linksOf(simulation, user);
    const question =
      atHome && world.random.chance(0.5)
        ? { path: `${v3Users(resellerId)}/${id}`, body: { disabled: !comes } }
        : { path: `${accountUsers(resellerId)}/${id}`, body: [{ op: 'replace', path: '/enabled', value: comes }] };
    const caller = callerAt(simulation, resellerId);
    const full = comes && atHome && isFull(simulation, String(user.row['organization_id']));
    const asked = await ask(simulation, caller, { method: 'PATCH', ...question });
    let done = wasDone(simulation, asked, full ? REFUSED_FULL : []);
    if (done && full) simulation.problems.push(`${user.row['email']} has a place where there is none`);
    if (done === null) {
      const { body: shown } = await look(simulation, caller, `${accountUsers(resellerId)}/${id}`);
      done = (shown.data.enabled ?? true) === comes;
    }
    if (!done) return;
    setDisabled(model, { userId: id, resellerId }, !comes, links);
    await enter(simulation, resellerId, id);
  });
};

export const memberOperations = { patchRoles, join, disable, remove };
