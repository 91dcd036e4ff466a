import { ask } from '../caller.ts';
import { membershipKey, type Session } from '../model.ts';
import { membersAt, renew, sessionsAt } from '../sessions.ts';
import { type Operation, oneOf, type Simulation } from '../simulation.ts';
import { callerAt } from './places.ts';
import { brandBy } from './resellers.ts';

/** A change by a signed-in user, at home or as a guest, or by an application in its name; and what an application never may. */
const act: Operation = async (simulation, resellerId) => {
  const { model } = simulation;
  // The rights of a user whom a tenant has prepared are another matter.
  const able = sessionsAt(simulation, resellerId).filter(({ userId }) => model.users.get(userId)?.prepared === null);
  const session = oneOf(simulation, able);
  if (session !== undefined) await actBy(simulation, session);
};

/** The same by this session, which has been refreshed for that. */
export async function actBy(simulation: Simulation, session: Session): Promise<void> {
  const { model, trace, problems } = simulation;
  const { resellerId } = session;
  if (model.users.get(session.userId)?.prepared !== null) return;
  const token = await renew(simulation, session);
  if (token === null) return;
  const { userId, delegation } = session;
  const { row } = model.users.get(userId)!;
  const how = delegation ? 'by an application' : row['reseller_id'] === resellerId ? 'at home' : 'as a guest';
  trace.push(`${row['email']} acts ${how}`);
  const caller = { authorization: async () => `Bearer ${token}` };
  const roles = model.memberships.get(membershipKey(userId, resellerId)) ?? [];
  const isAllowed = delegation === undefined || delegation.scope.split(' ').includes('branding:write');
  await brandBy(simulation, resellerId, caller, isAllowed && roles.includes('branding.admin'));
  if (delegation === undefined) return;
  const { answer } = await ask(simulation, caller, { method: 'POST', path: '/v3/me/2fa-secret' });
  if (answer !== null && answer.status !== 403) problems.push(`${trace.at(-1)}, by an application: ${answer.text}`);
}

/** A tenant does not hand out the password of a guest. */
const openGuest: Operation = async (simulation, resellerId) => {
  const { trace, problems } = simulation;
  const guests = membersAt(simulation, resellerId).filter(([, { row }]) => row['reseller_id'] !== resellerId);
  const found = oneOf(simulation, guests);
  if (found === undefined) return;
  const path = `/v3/users/${found[0]}/reset-password-token`;
  const { answer } = await ask(simulation, callerAt(simulation, resellerId), { method: 'POST', path });
  if (answer !== null && answer.status !== 403) problems.push(`${trace.at(-1)}, of a guest: ${answer.text}`);
};

export const sessionOperations = { act, openGuest };
