import { expect } from 'vitest';
import { fanOut } from '../../../src/delivery/fanout.ts';
import { devEmails } from '../../../src/emails/transports/dev-mailbox.ts';
import type { Role } from '../../../src/model/users/role.ts';
import { send } from '../api.ts';
import { stoppedWorld } from '../stopped-world.ts';
import { makeReseller, newUser, rows, unique } from '../world.ts';
import { invite } from './accounts.ts';
import { post } from './signed-up.ts';

type Options = {
  readonly roles?: readonly Role[];
  readonly language?: string;
  /** Whether the home tenant gave it a password; else it is still to be activated by mail. */
  readonly activated?: boolean;
};

type Home = Awaited<ReturnType<typeof makeReseller>>;
/** The password that the home tenant gives. */
export const GIVEN_PASSWORD = newUser().password;

async function makeUser({ api, base }: Home) {
  const { status, body } = await api.post(`${base}/users`, newUser());
  expect(status).toBe(201);
  return { userId: body.id as string, email: body.email as string };
}

async function makeNewcomer({ api, id }: Home) {
  const email = `${unique('new')}@example.com`;
  const made = await api.post(`/v1.0/accounts/${id}/users`, {
    email,
    displayName: 'Jane Doe',
    roles: ['account.user'],
  });
  expect(made.status).toBe(201);
  return { userId: made.body.data.id as string, email };
}

/** A user whom another tenant invites, and the background in which the mail is sent. */
export async function makeInvitee({ roles = ['user.admin'], language = 'en', activated = true }: Options = {}) {
  const [home, other] = [await makeReseller(), await makeReseller()];
  const { userId, email } = await (activated ? makeUser(home) : makeNewcomer(home));
  await rows('update users set language = ? where id = ?', language, userId);
  const { clock, worker, sent, arrive } = stoppedWorld();
  /** Fans out all that happened to the user and sends the mails that are due. */
  const relay = async () => {
    clock.nowMs = Math.max(clock.nowMs, Date.now());
    const raised = await rows('select id from events where subject = ? and relay_at is not null', userId);
    await fanOut(
      worker,
      raised.map(({ id }) => id),
    );
    const due = await rows("select id from emails where user_id = ? and state = 'pending' order by id", userId);
    await arrive(
      due.map(({ id }) => ({ emailId: id })),
      worker,
      'emails',
    );
    sent.emails.splice(0);
  };
  /** The mails that were sent to the address, the oldest first. */
  const inbox = (to = email) =>
    devEmails(worker.env)
      .filter((mail) => mail.to === to)
      .reverse();
  const invitations = () => inbox().filter(({ text }) => text.includes('/invitation/'));
  const users = `/v1.0/accounts/${other.id}/users`;
  const inviteAgain = (...given: Role[]) => invite({ users }, { email }, ...given);
  await inviteAgain(...roles);
  const membership = async () =>
    (await rows('select * from memberships where user_id = ? and reseller_id = ?', userId, other.id))[0];
  const user = async () => (await rows('select * from users where id = ?', userId))[0];
  /** The types of the events that the inviting tenant heard of the user. */
  const heard = async () =>
    (
      await rows(
        'select type from events where reseller_id = ? and subject = ? and audit_only = 0 order by seq',
        other.id,
        userId,
      )
    ).map(({ type }) => type.replace('reseller.user.', ''));
  return {
    ...{ home, other, users, userId, email, clock, worker },
    ...{ relay, inbox, invitations, inviteAgain, membership, user, heard },
  };
}

export type Invitee = Awaited<ReturnType<typeof makeInvitee>>;

/** The same, who was sent the mail; with the token of its link. */
export async function makeInvited(options: Options = {}) {
  const invitee = await makeInvitee(options);
  await invitee.relay();
  const [mail, ...more] = invitee.invitations();
  expect(more).toEqual([]);
  return { ...invitee, mail: mail!, token: invitationTokenIn(mail!) };
}

/** The token in the link of a mail that invites. */
function invitationTokenIn({ text }: { readonly text: string }): string {
  const token = /\/invitation\/(\S+)/.exec(text)?.[1];
  if (token === undefined) throw new Error('no invitation in the mail');
  return token;
}

/** Asks the page of an invitation, from an address of its own: they are counted. */
export const visit = (method: string, token: string, options: RequestInit = {}) =>
  send(method, `/invitation/${token}`, {
    ...options,
    headers: { 'CF-Connecting-IP': unique('address'), ...options.headers },
  });
/** Presses a button of the page. */
export const answer = (token: string, given: string) =>
  visit('POST', token, { body: new URLSearchParams({ answer: given }), headers: { Origin: 'https://mail.example' } });

/** Sets the person's password by a token that the home tenant was given. */
export async function resetByToken({ home, userId }: Pick<Invitee, 'home' | 'userId'>): Promise<void> {
  const { body } = await home.api.post(`/v3/users/${userId}/reset-password-token`);
  const given = { token: body.resetPasswordToken, newPassword: 'battery staple horse' };
  expect((await post(`/v3/users/${userId}/reset-password`, given)).status).toBe(204);
}
