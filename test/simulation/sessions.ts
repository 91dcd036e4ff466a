import type { Client } from '../support/world.ts';
import { post } from './caller.ts';
import { isDisabled, isPending, membershipKey, type Session, type User } from './model.ts';
import type { Simulation } from './simulation.ts';

/** Users who accepted a membership of this reseller: its own ones and guests. */
export function membersAt({ model }: Simulation, resellerId: string): [string, User][] {
  return [...model.users].filter(
    ([id]) => model.memberships.has(membershipKey(id, resellerId)) && !isPending(model, id, resellerId),
  );
}

/** Whether the user may be signed in to this reseller. */
export function mayEnter({ model }: Simulation, userId: string, resellerId: string): boolean {
  const roles = model.memberships.get(membershipKey(userId, resellerId)) ?? [];
  const { row } = model.users.get(userId)!;
  const isCustomers = row['reseller_id'] === resellerId && row['organization_id'] !== null;
  const isOpen = model.resellers.get(resellerId)?.row['enabled'] === 1 && !isDisabled(model, userId, resellerId);
  return isOpen && (isCustomers || roles.includes('account.user'));
}

/** Sessions in this reseller that can be refreshed. */
export const sessionsAt = (simulation: Simulation, resellerId: string): Session[] =>
  [...simulation.model.sessions.values()].filter(
    (session) =>
      session.state === 'alive' &&
      session.resellerId === resellerId &&
      mayEnter(simulation, session.userId, resellerId),
  );

export const authentication = (client: Client | undefined) =>
  client === undefined ? {} : { client_id: client.id, client_secret: client.secret };

/** Refreshes a session and gives its new access token; null where the answer was lost, which ends the session. */
export async function renew(simulation: Simulation, session: Session): Promise<string | null> {
  const form = {
    ...authentication(session.delegation?.client),
    grant_type: 'refresh_token',
    refresh_token: session.refreshToken,
  };
  const { answer, doubts } = await post(simulation, '/oauth/token', new URLSearchParams(form));
  simulation.trace.push(`a session is refreshed: ${answer?.status}, ${doubts} lost`);
  if (answer?.status === 200) {
    session.refreshToken = answer.body.refresh_token;
    return answer.body.access_token;
  }
  // The answer that was lost had used the token up; one that comes again ends its session.
  if (doubts > 0) session.state = 'ended';
  else simulation.problems.push(`a session cannot be refreshed: ${answer?.text}`);
  return null;
}
