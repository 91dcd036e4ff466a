import { type Asked, ask, look, wasDone } from '../caller.ts';
import { OWN_DOMAIN } from '../identity-provider.ts';
import { setRoles } from '../memberships.ts';
import { expectMail, hear, isDisabled, type Row } from '../model.ts';
import { type Operation, oneOf, PASSWORD, type Simulation } from '../simulation.ts';
import { accountUsers, callerAt, organizationsAt, v3Users } from './places.ts';

/** Roles that anybody may be given. */
export const ROLES = ['account.service.status', 'branding.admin', 'customer.admin', 'account.storage.admin'];

type Made = { readonly row: Row; readonly password: string | null; readonly roles: readonly string[] };

/** A user whom a request made, if it did. */
async function keep(simulation: Simulation, resellerId: string, asked: Asked, made: Made): Promise<void> {
  const { model } = simulation;
  const { row, password, roles } = made;
  const full = isFull(simulation, String(row['organization_id']));
  const done = wasDone(simulation, asked, full ? REFUSED_FULL : []);
  if (done && full) simulation.problems.push(`${row['email']} has a place where there is none`);
  if (done === false) return;
  const path = `${v3Users(resellerId)}?email=${encodeURIComponent(String(row['email']))}`;
  const [found] = (await look(simulation, callerAt(simulation, resellerId), path)).body;
  if (done && found === undefined) simulation.problems.push(`${row['email']} was made and is not there`);
  if (found === undefined) return;
  const id: string = found.id;
  model.users.set(id, {
    row: { id, reseller_id: resellerId, proved: 0, ...row },
    password,
    prepared: password === null ? null : 'tenant',
    linksVoided: false,
    former: [],
    identity: null,
    unlinked: false,
  });
  setRoles(model, id, resellerId, roles);
  hear(model, resellerId, 'reseller.user.created', id);
  if (row['verified'] === 0) expectMail(model, 'activation', row['email']);
}

/** By v3, and by the reseller dialect. */
export const REFUSED_FULL = [400, 409];

/** Whether an organization has as many users as it may; disabled ones take no place. */
export function isFull({ model }: Simulation, organizationId: string): boolean {
  const allowed = Number(model.organizations.get(organizationId)?.['allowed_users'] ?? -1);
  const inside = [...model.users].filter(
    ([id, { row }]) => row['organization_id'] === organizationId && !isDisabled(model, id, String(row['reseller_id'])),
  );
  return allowed >= 0 && inside.length >= allowed;
}

/** One whose addresses the provider hands out, and another. */
const DOMAINS = [OWN_DOMAIN, 'example.org'];

const PLAIN = { organization_id: null, role: 'user', company: '', job_title: '', language: 'en' };

const createByV3: Operation = async (simulation, resellerId) => {
  const email = `${simulation.unique('ann')}@${simulation.world.random.pick(DOMAINS)}`;
  const organizationId = oneOf(simulation, [null, ...organizationsAt(simulation, resellerId)]) ?? null;
  const body = {
    firstName: 'Ann',
    lastName: 'Lee',
    email,
    role: 'user',
    organizationId,
    allowCustomerPortalAccess: true,
  };
  const question = { method: 'POST', path: v3Users(resellerId), body: { ...body, password: PASSWORD } };
  const asked = await ask(simulation, callerAt(simulation, resellerId), question);
  const row = { ...PLAIN, email, organization_id: organizationId, first_name: 'Ann', last_name: 'Lee', verified: 1 };
  await keep(simulation, resellerId, asked, {
    row,
    password: PASSWORD,
    roles: organizationId === null ? ['account.user'] : [],
  });
};

const createByAccounts: Operation = async (simulation, resellerId) => {
  const { random } = simulation.world;
  const email = `${simulation.unique('bob')}@example.com`;
  const roles = ROLES.filter(() => random.chance(0.4));
  const question = { method: 'POST', path: accountUsers(resellerId), body: { email, displayName: 'Bob Hill', roles } };
  const asked = await ask(simulation, callerAt(simulation, resellerId), question);
  const row = { ...PLAIN, email, first_name: 'Bob', last_name: 'Hill', verified: 0 };
  await keep(simulation, resellerId, asked, { row, password: null, roles: ['account.user', ...roles] });
};

const createByReseller: Operation = async (simulation, resellerId) => {
  const customerId = oneOf(simulation, organizationsAt(simulation, resellerId));
  if (customerId === undefined) return;
  const email = `${simulation.unique('eva')}@example.com`;
  const body = { username: email, role: 'manager', first_name: 'Eva', last_name: '', communication_language: 'de' };
  const question = { method: 'POST', path: `/reseller/customers/${customerId}/users`, body };
  const asked = await ask(simulation, callerAt(simulation, resellerId), question);
  const more = { organization_id: customerId, role: 'organization-admin', language: 'de', verified: 0 };
  await keep(simulation, resellerId, asked, {
    row: { ...PLAIN, email, first_name: 'Eva', last_name: '', ...more },
    password: null,
    roles: [],
  });
};

export const newUserOperations = { createByV3, createByAccounts, createByReseller };
