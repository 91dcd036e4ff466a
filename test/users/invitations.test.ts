import { beforeEach, expect, test, vi } from 'vitest';
import { STRINGS } from '../../src/emails/strings/index.ts';
import { ROLE_LABELS } from '../../src/html/role-labels.ts';
import { LANGUAGES } from '../../src/model/language.ts';
import { INVITATION_LIFE_MS, LINK_MAILS_WINDOW_MS, RECIPIENT_MAILS_MAX } from '../../src/model/limits/index.ts';
import { acceptAll } from '../support/people/accounts.ts';
import { tokenIn } from '../support/people/invited.ts';
import { answer, type Invitee, makeInvited, makeInvitee, resetByToken } from '../support/people/invitees.ts';
import { choose, look } from '../support/people/links.ts';
import { muteQueues } from '../support/queues.ts';
import { operator, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

test.each(LANGUAGES)('an invitation is mailed in the language of the person: %s', async (language) => {
  const { other, email, mail } = await makeInvited({ language, roles: ['user.admin', 'branding.admin'] });
  const { name } = (await other.api.get(other.base)).body;
  const strings = STRINGS[language]['membership-invitation'];
  expect(mail.subject).toBe(strings.subject(name));
  for (const role of ['account.user', 'user.admin', 'branding.admin'] as const)
    expect(mail.text).toContain(ROLE_LABELS[language][role]);
  expect(mail.text).toContain(email);
  expect(mail.text).toContain(STRINGS[language].sentBy('edge.localhost', name));
  expect(mail.text).toMatch(/https:\/\/edge\.localhost\/invitation\/\S+/);
});

test('nothing stands in the mail that the inviting tenant wrote but names', async () => {
  const invitee = await makeInvitee();
  const { api, id } = invitee.other;
  const contact = { logoUrl: 'https://evil.example/l.png', supportEmail: 'help@evil.example', primaryColor: '#003087' };
  const brand = { productName: 'Evil Cloud', senderName: 'Evil Cloud', ...contact };
  expect((await api.put(`/v1.0/accounts/${id}/branding`, brand)).status).toBe(200);
  await invitee.relay();
  const [mail] = invitee.invitations();
  expect(mail?.from.name).toBe('Evil Cloud via edge.localhost');
  expect(mail?.replyTo).toBeNull();
  expect(mail!.text + mail!.html).not.toMatch(/evil\.example|#003087/);
});

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }];
const platform = async ({ users, userId }: Invitee) => ({ api: await operator(), path: `${users}/${userId}` });

test.each<[string, (invitee: Invitee) => Promise<unknown>]>([
  ['was withdrawn', async (invitee) => (await platform(invitee)).api.delete(`${invitee.users}/${invitee.userId}`)],
  ['has expired', async ({ clock }) => Object.assign(clock, { nowMs: Date.now() + INVITATION_LIFE_MS + 1 })],
  [
    'is for another address',
    ({ home, userId }) => home.api.patch(`${home.base}/users/${userId}`, { email: `${unique('new')}@example.com` }),
  ],
  ['ended with a token to reset the password', resetByToken],
  ['was accepted', ({ userId }) => rows('update memberships set accepted_at = 1 where user_id = ?', userId)],
  ['is from a tenant that is gone', async ({ other }) => (await operator()).delete(other.base)],
])('the mail is dropped where the invitation %s', async (_, happen) => {
  const invitee = await makeInvitee();
  await happen(invitee);
  await invitee.relay();
  expect(invitee.invitations()).toEqual([]);
  const sent =
    "select state from emails where user_id = ? and template = 'membership-invitation' and state <> 'dropped'";
  expect(await rows(sent, invitee.userId)).toEqual([]);
});

test('invitations count among the mails with links that one address is sent', async () => {
  const invitee = await makeInvitee();
  const { userId, email } = invitee;
  for (let made = 0; made < RECIPIENT_MAILS_MAX; made++) {
    await rows(
      `insert into emails (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, state, created_at, attempted_at)
       values (?1, ?1, 'password-reset', 'en', ?2, ?2, ?3, ?4, 'sent', ?5, ?5)`,
      unique('mail'),
      email,
      invitee.home.id,
      userId,
      Date.now(),
    );
  }
  await invitee.relay();
  expect(invitee.invitations()).toEqual([]);
  invitee.clock.nowMs = Date.now() + LINK_MAILS_WINDOW_MS;
  await invitee.relay();
  expect(invitee.invitations()).toHaveLength(1);
});

test.each<[string, (invitee: Invitee) => Promise<{ status: number }>]>([
  [
    'a role',
    ({ home, userId }) =>
      home.api.send(
        'PATCH',
        `/v1.0/accounts/${home.id}/users/${userId}`,
        replace('/roles', ['account.user', 'user.admin']),
      ),
  ],
  ["v3's role", ({ home, userId }) => home.api.patch(`${home.base}/users/${userId}`, { role: 'reseller-admin' })],
  [
    'a role elsewhere',
    async (invitee) => {
      await acceptAll(invitee.userId);
      const { api, path } = await platform(invitee);
      return api.send('PATCH', path, replace('/roles', ['account.user', 'user.admin', 'branding.admin']));
    },
  ],
])('a user still to be activated who gains %s gets a new link for the one that is void', async (_, gain) => {
  const invitee = await makeInvitee({ activated: false });
  const activations = () => invitee.inbox().filter(({ text }) => text.includes('/activate#'));
  await invitee.relay();
  expect(activations()).toHaveLength(1);
  const { status } = await gain(invitee);
  expect([200, 204]).toContain(status);
  const [older] = activations();
  expect((await look(tokenIn(older!))).state).toBe('expired');
  await invitee.relay();
  const [newer, ...more] = activations().slice(1);
  expect(more).toEqual([]);
  expect((await choose(tokenIn(newer!))).status).toBe(204);
});

test('a user still to be activated who gains nothing gets no further link', async () => {
  const invitee = await makeInvitee({ activated: false });
  await invitee.relay();
  const { home, userId } = invitee;
  await home.api.patch(`${home.base}/users/${userId}`, { firstName: 'Joan', role: 'guest' });
  // An invitation gives no rights yet.
  const { api, path } = await platform(invitee);
  await api.send('PATCH', path, replace('/roles', ['account.user', 'branding.admin']));
  await invitee.relay();
  expect(invitee.inbox().filter(({ text }) => text.includes('/activate#'))).toHaveLength(1);
});

test('a mail with a link to choose a password is true also where nobody asked for it', async () => {
  const invited = await makeInvited();
  await answer(invited.token, 'accept');
  await invited.relay();
  const mail = invited.inbox().find(({ text }) => text.includes('/activate#'));
  expect(mail?.text).toContain('because your administrator set the previous password or address');
  expect(mail?.text).not.toContain('stays as it is');
});
