import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { beforeEach, expect, test, vi } from 'vitest';
import { sha256 } from '../../src/auth/secrets/digest.ts';
import { choosePassword } from '../../src/domain/sign-in/password-links.ts';
import { makeInvited } from '../support/people/invited.ts';
import { choose, type Linked, post, withLink } from '../support/people/links.ts';
import { changeSessions, whileWriting } from '../support/people/sessions.ts';
import { stateBefore } from '../support/people/states.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

/** Chooses a password, and has something happen between the look at the link and the write. */
async function chooseWhile(token: string, meanwhile: () => Promise<unknown>) {
  const once = vi.fn(async (): Promise<unknown> => null).mockImplementationOnce(meanwhile);
  changeSessions((db) => whileWriting(db, once));
  const reply = await choose(token);
  expect(once).toHaveBeenCalled();
  return reply;
}

test.each<[what: string, happens: (one: Linked) => Promise<unknown>]>([
  ['a newer link', ({ again }) => again()],
  ['its end', ({ userId }) => rows('update activations set expires_at = 1 where user_id = ?', userId)],
  ['its use', ({ userId }) => rows('update activations set used_at = 1 where user_id = ?', userId)],
  ['another address', ({ userId }) => rows("update users set email_key = 'x' || id where id = ?", userId)],
  [
    'the deletion of the customer',
    ({ customerId }) => rows('update organizations set deleted_at = 1 where id = ?', customerId),
  ],
  ['the deletion of the reseller', ({ id }) => rows('update resellers set deleted_at = 1 where id = ?', id)],
])('a password whose link meets %s is not set, and nothing else happens', async (_, happens) => {
  const one = await withLink();
  await rows(
    'insert into sessions (id, user_id, created_at, expires_at, ended_at) values (?, ?, 1, 2, null)',
    `s${one.userId}`,
    one.userId,
  );
  expect(await chooseWhile(one.token, () => happens(one))).toMatchObject({
    status: 409,
    body: { code: 'LINK_NOT_VALID' },
  });
  expect(await one.user()).toMatchObject({ password_hash: null, verified_at: null });
  expect(
    await rows(
      "select 1 from events where subject = ? and type not in ('reseller.user.created', 'account.link-requested')",
      one.userId,
    ),
  ).toEqual([]);
  expect(await rows('select ended_at from sessions where user_id = ?', one.userId)).toEqual([{ ended_at: null }]);
  // As it was, or as what happened left it.
  expect([null, 1]).toContain((await one.links())[0].used_at);
});

test('a user who is changed meanwhile gets the password all the same, and the event tells the change', async () => {
  const { token, userId, user } = await withLink();
  const change = () => rows("update users set first_name = 'Other', updated_at = updated_at + 5 where id = ?", userId);
  expect(await chooseWhile(token, change)).toMatchObject({ status: 204 });
  expect(await user()).toMatchObject({ first_name: 'Other', password_hash: expect.stringContaining('argon2id') });
  const events = await rows("select * from events where subject = ? and type = 'reseller.user.activated'", userId);
  expect(events).toHaveLength(1);
  expect(stateBefore(events[0])).toMatchObject({ firstName: 'Other' });
});

test('a dead link costs no hash', async () => {
  const { token } = await withLink();
  const hashPassword = vi.fn(async () => 'hash');
  const visit = {
    db: env.DB,
    requestId: 'r',
    now: Date.now(),
    newId: uuidv7,
    hashPassword,
    origin: { address: '', userAgent: '' },
  };
  expect(await choosePassword(visit, await sha256('nonsense'), 'x')).toBeNull();
  expect(hashPassword).not.toHaveBeenCalled();
  expect(await choosePassword(visit, await sha256(token), 'x')).not.toBeNull();
  expect(hashPassword).toHaveBeenCalledTimes(1);
});

test('what a visitor causes is sent on at once, in the language of the reader', async () => {
  const { token, ask, mails, userId } = await withLink({ communication_language: 'ja' });
  const message = await ask();
  expect((await mails()).at(-1)).toMatchObject({ language: 'ja' });
  await vi.waitFor(() => expect(env.EMAILS.sendBatch).toHaveBeenCalledWith([{ body: message, delaySeconds: 0 }]));
  await choose(token);
  const [event] = await rows("select id from events where subject = ? and type = 'reseller.user.activated'", userId);
  await vi.waitFor(() => expect(env.EVENTS.sendBatch).toHaveBeenCalledWith([{ body: { eventId: event.id } }]));
});

test('nobody beneath a deleted customer is written a mail, whoever asks for it', async () => {
  const { token, email, customerId, mails } = await withLink();
  const somebodyElse = await withLink();
  await rows('update organizations set deleted_at = 1 where id = ?', customerId);
  await post('mail', { token });
  await post('mail', { email });
  // Asked for after them: once this one is there, they are done.
  await somebodyElse.ask();
  expect(await mails()).toHaveLength(1);
});

test('nobody beneath a deleted reseller is written a mail', async () => {
  const { id, relay, mails } = await makeInvited();
  await rows('update resellers set deleted_at = 1 where id = ?', id);
  await relay();
  expect(await mails()).toEqual([]);
});
