import { fanOut } from '../../../src/delivery/fanout.ts';
import { devEmails } from '../../../src/emails/transports/dev-mailbox.ts';
import type { Env } from '../../../src/env.ts';
import type { Role } from '../../../src/model/users/role.ts';
import { stoppedWorld } from '../stopped-world.ts';
import { makeReseller, rows, unique } from '../world.ts';

export const SUBSCRIBED = ['account.user', 'account.service.status'] as const;

export const newStatusUpdate = () => ({
  title: unique('Uploads fail'),
  body: 'Since 17:40 UTC.\n\nWe are on it.',
  severity: 'incident',
});

/** So many users of a reseller with these roles, in the order of their ids, and a word that all their ids begin with. */
export async function addMembers(
  resellerId: string,
  count: number,
  roles: readonly Role[] = SUBSCRIBED,
  language = 'en',
): Promise<string> {
  const word = unique('s');
  await rows(
    `insert into users (id, reseller_id, first_name, last_name, name_key, email, email_key, role, company,
       allow_customer_portal_access, language, email_verified_at, created_at, updated_at)
     with recursive counted (n) as (select 1 union all select n + 1 from counted where n < ?1)
     select printf('%s-%06d', ?2, n), ?3, 'S', 'U', 's u', ?2 || n || '@example.com', ?2 || n || '@example.com', 'user', '', 1, ?4, 1, 1, 1
     from counted`,
    count,
    word,
    resellerId,
    language,
  );
  await rows(
    'update memberships set roles = ? where reseller_id = ? and user_id >= ? and user_id < ?',
    JSON.stringify(roles),
    resellerId,
    word,
    `${word}~`,
  );
  return word;
}

/** A reseller with one user of these roles, and the background in which its mails are to be written and sent. */
export async function makePublisher(settings: Partial<Env> = {}) {
  const { id, base, api } = await makeReseller();
  const account = `/v1.0/accounts/${id}`;
  const world = stoppedWorld(Date.now(), settings);
  /** A user of the account, who has proved the address. */
  const member = async (roles: readonly Role[] = SUBSCRIBED, language = 'en') => {
    const made = await stranger(roles, language);
    await rows('update users set email_verified_at = 1 where id = ?', made.userId);
    return made;
  };
  /** A user of the account who knows nothing of it. */
  const stranger = async (roles: readonly Role[] = SUBSCRIBED, language = 'en') => {
    const email = `${unique('sub')}@example.com`;
    const made = await api.post(`${account}/users`, { email, displayName: 'Sue Subscriber', roles });
    if (made.status !== 201) throw new Error(made.text);
    const userId: string = made.body.data.id;
    await rows('update users set language = ? where id = ?', language, userId);
    return { userId, email, path: `${account}/users/${userId}` };
  };
  const publish = async (fields: object = {}): Promise<string> => {
    const made = await api.post(`${account}/statusUpdates`, { ...newStatusUpdate(), ...fields });
    if (made.status !== 202) throw new Error(made.text);
    world.clock.nowMs = Math.max(world.clock.nowMs, Date.now());
    return made.body.data.id;
  };
  /** Lets the mails of an update be written and gives their messages. */
  const expand = async (statusUpdateId: string) => {
    world.sent.emails.splice(0);
    await world.arrive([{ statusUpdateId }]);
    return world.sent.emails.splice(0).map(({ body }) => body);
  };
  const deliver = (messages: readonly Record<string, string>[]) => world.arrive(messages, world.worker, 'emails');
  const shown = async (statusUpdateId: string) =>
    (await api.get(`${account}/statusUpdates/${statusUpdateId}`)).body.data;
  const mails = (statusUpdateId: string) =>
    rows('select * from emails where status_update_id = ? order by user_id', statusUpdateId);
  const mailsTo = (email: string) => devEmails(world.worker.env).filter(({ to }) => to === email);
  /** Fans out all that was done to this user, and has the mails sent. */
  const relay = async (userId: string) => {
    const raised = await rows('select id from events where subject = ? and relay_at is not null', userId);
    await fanOut(
      world.worker,
      raised.map(({ id }) => id),
    );
    await deliver(world.sent.emails.splice(0).map(({ body }) => body));
  };
  /** The mails that asked this address whether to get status updates, the oldest first. */
  const asked = (email: string) =>
    mailsTo(email)
      .filter(({ text }) => text.includes('/subscribe/'))
      .reverse();
  /** The status mails that were sent to this address. */
  const inbox = (email: string) =>
    mailsTo(email).filter(({ text, unsubscribe }) => unsubscribe !== null && !text.includes('/subscribe/'));
  const setEnabled = (enabled: boolean) =>
    rows('update resellers set enabled = ?, updated_at = ? where id = ?', enabled ? 1 : 0, world.clock.nowMs, id);
  return {
    id,
    base,
    api,
    account,
    ...world,
    member,
    stranger,
    publish,
    expand,
    deliver,
    relay,
    asked,
    shown,
    mails,
    mailsTo,
    inbox,
    setEnabled,
  };
}

export type Publisher = Awaited<ReturnType<typeof makePublisher>>;

/** Publishes an update and has all of its mails sent. */
export async function tellAll(publisher: Publisher): Promise<string> {
  const id = await publisher.publish();
  await publisher.deliver(await publisher.expand(id));
  return id;
}

/** The token of the links in a mail that end a subscription, or begin it. */
export function subscriptionTokenIn({ text }: { readonly text: string }): string {
  const token = /\/(?:un)?subscribe\/(\S+)/.exec(text)?.[1];
  if (token === undefined) throw new Error('no link to unsubscribe in the mail');
  return token;
}
