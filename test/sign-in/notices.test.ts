import { beforeEach, expect, test, vi } from 'vitest';
import { sendEmails } from '../../src/delivery/emails.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { devEmails } from '../../src/emails/transports/dev-mailbox.ts';
import { choose, withLink } from '../support/people/links.ts';
import { enroll, makePerson, PASSWORD } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

/** Has these mails sent and gives what arrived at an address. */
async function deliver(ids: readonly string[], email: string) {
  const world = stoppedWorld();
  await sendEmails(world.worker, ids);
  return devEmails(world.worker.env).filter(({ to }) => to === email);
}

test('a changed password is told in the language and the looks of its reader, with whence it came', async () => {
  const person = await makePerson();
  await rows("update users set language = 'de' where id = ?", person.userId);
  await rows("insert into brandings (reseller_id, product_name, updated_at) values (?, 'Acme Cloud', 1)", person.id);
  const me = await person.signIn();
  await me.send(
    'POST',
    '/v3/me/password',
    { currentPassword: PASSWORD, newPassword: 'battery staple horse' },
    { 'CF-Connecting-IP': '192.0.2.44', 'User-Agent': 'Firefox <b>147</b>' },
  );
  const [mail] = await person.mails();
  const [sent] = await deliver([mail.id], person.email);
  expect(sent?.subject).toBe('[Acme Cloud] Ihr Passwort wurde geändert');
  for (const fact of [
    person.email,
    '192.0.2.44',
    'Firefox <b>147</b>',
    'https://edge.localhost/sign-in/forgotten',
    'Jane',
  ])
    expect(sent?.text).toContain(fact);
  expect(sent?.html).not.toContain('<b>147');
  expect(await person.mails()).toMatchObject([{ state: 'sent' }]);
});

test('what an administrator did is told without where that one was', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  await enroll(me);
  await person.api.send('DELETE', `/v3/users/${person.userId}/2fa`, undefined, { 'User-Agent': 'Back office' });
  const sent = await deliver([(await person.mails()).at(-1).id], person.email);
  expect(sent[0]?.subject).toContain('Two-factor sign-in has been disabled');
  expect(sent[0]?.text).not.toMatch(/Network address|Back office/);
});

test.each(['v3', 'accounts'])('another address is told to the old one, whoever changed it by %s', async (dialect) => {
  const person = await makePerson();
  const email = `${unique('new')}@example.com`;
  const changed =
    dialect === 'v3'
      ? person.api.patch(`${person.base}/users/${person.userId}`, { email })
      : person.api.patch(`/v1.0/accounts/${person.id}/users/${person.userId}`, [
          { op: 'replace', path: '/email', value: email },
        ]);
  expect((await changed).status).toBe(200);
  const update = (await person.log(0)).at(-1);
  const world = stoppedWorld();
  await fanOut(world.worker, [update.id]);
  await fanOut(world.worker, [update.id]);
  const mails = await person.mails();
  expect(mails).toMatchObject([{ template: 'security-notice', recipient: person.email }]);
  const [sent] = await deliver([mails[0].id], person.email);
  expect(sent?.subject).toContain('Your email address has been changed');
  expect(sent?.text).not.toContain(email);
  expect(sent?.text).not.toContain('/sign-in/forgotten');
});

test('whoever is gone is told nothing', async () => {
  const person = await makePerson();
  const me = await person.signIn();
  await enroll(me);
  await person.api.delete(`${person.base}/users/${person.userId}`);
  const mails = await rows('select id from emails where recipient = ?', person.email);
  expect(
    await deliver(
      mails.map(({ id }) => id),
      person.email,
    ),
  ).toEqual([]);
  expect(await rows('select state from emails where recipient = ?', person.email)).toEqual([{ state: 'dropped' }]);
});

test('what nobody knows any more is told to nobody', async () => {
  const person = await makePerson();
  await enroll(await person.signIn());
  const [mail] = await person.mails();
  await rows('delete from events where id = ?', mail.event_id);
  expect(await deliver([mail.id], person.email)).toEqual([]);
  expect(await person.mails()).toMatchObject([{ state: 'dropped' }]);
});

test('the first password of somebody new is no change, the next by a link is one', async () => {
  const { token, again, userId, mails, email } = await withLink();
  await choose(token);
  const audited = () => rows('select type from events where subject = ? and audit_only = 1', userId);
  expect(await audited()).toEqual([]);
  expect(await mails()).toHaveLength(1);
  await choose(await again(), 'Another-horse-2');
  expect(await audited()).toEqual([{ type: 'account.link-requested' }, { type: 'account.password-changed' }]);
  const notice = (await mails()).at(-1);
  const sent = await deliver([notice.id], email);
  expect(sent.at(0)?.subject).toContain('Your password has been changed');
});
