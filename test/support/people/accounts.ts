import { expect } from 'vitest';
import type { Role } from '../../../src/model/users/role.ts';
import type { Json } from '../api.ts';
import { makeReseller, operator, rows, unique } from '../world.ts';

/** A time as the accounts dialect says it: seven digits of the second's fraction. */
export const STAMP = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);

/** The whole body of a change that shows nothing, and of a refusal. */
export const done = { status: 'success', timestamp: STAMP };
export const failed = (error: number, message: unknown, more: object = {}) => ({
  error,
  message,
  ...more,
  status: 'error',
  timestamp: STAMP,
});

export const newUser = (more: object = {}) => ({
  email: `${unique('sam')}@example.com`,
  displayName: 'Sam Lee',
  ...more,
});

export type Account = Awaited<ReturnType<typeof makeAccount>>;

/** A reseller as the accounts dialect sees it, and how users come to be in it. */
export async function makeAccount(fields: object = {}) {
  const reseller = await makeReseller({ ...fields });
  const users = `/v1.0/accounts/${reseller.id}/users`;
  const makeUser = async (...roles: Role[]) => {
    const { status, body, text } = await reseller.api.post(users, newUser({ roles }));
    if (status !== 201) throw new Error(text);
    return { ...body.data, path: `${users}/${body.data.id}` };
  };
  const shown = async (userId: string): Promise<Json> => (await reseller.api.get(`${users}/${userId}`)).body.data;
  /** The types of the events that this reseller heard of somebody, in their order. */
  const heard = async (userId: string): Promise<string[]> =>
    (
      await rows(
        'select type from events where reseller_id = ? and subject = ? and audit_only = 0 order by seq',
        reseller.id,
        userId,
      )
    ).map(({ type }) => type.replace('reseller.user.', ''));
  return { ...reseller, users, makeUser, shown, heard };
}

/** Has the operator invite a user of another account to this one. */
export async function invite({ users }: Pick<Account, 'users'>, { email }: { email: string }, ...roles: Role[]) {
  const reply = await (await operator()).post(users, newUser({ email, roles }));
  if (reply.status !== 201) throw new Error(reply.text);
  const { membership: _, ...member } = reply.body.data;
  return { ...member, path: `${users}/${member.id}` };
}

/** The same, and the user has accepted. */
export async function enroll(account: Pick<Account, 'users'>, user: { email: string }, ...roles: Role[]) {
  const member = await invite(account, user, ...roles);
  await acceptAll(member.id);
  return member;
}

/** Everything that the user is invited to is accepted. */
export async function acceptAll(userId: string): Promise<void> {
  const accepted = 'update memberships set accepted_at = ? where user_id = ? and accepted_at is null';
  await rows(accepted, Date.now(), userId);
}
