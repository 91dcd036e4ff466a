import { fanOut } from '../../../src/delivery/fanout.ts';
import { devEmails } from '../../../src/emails/transports/dev-mailbox.ts';
import type { Env } from '../../../src/env.ts';
import { stoppedWorld } from '../stopped-world.ts';
import { makeReseller, rows, unique } from '../world.ts';

/** A customer of a reseller of its own. */
export async function makeCustomer() {
  const reseller = await makeReseller();
  const { body } = await reseller.api.post('/reseller/customers', { name: unique('Customer') });
  return {
    ...reseller,
    customerId: body.customer_id as string,
    users: `/reseller/customers/${body.customer_id}/users`,
  };
}

export const newcomer = () => ({ username: `${unique('new')}@example.com`, role: 'user', first_name: 'Jane' });

/**
 * A user who was created without a password, and the background in which the invitation is to be sent: nothing of it has
 * happened yet.
 */
export async function makeInvited(fields: object = {}, settings: Partial<Env> = {}) {
  const customer = await makeCustomer();
  const body = { ...newcomer(), ...fields };
  const made = await customer.api.post(customer.users, body);
  if (made.status !== 201) throw new Error(made.text);
  const userId: string = made.body.user_id;
  const world = stoppedWorld(Date.now(), settings);
  const [created] = await rows("select id from events where subject = ? and type = 'reseller.user.created'", userId);
  const eventId: string = created.id;
  const mails = () => rows('select * from emails where user_id = ? order by id', userId);
  const user = async () => (await rows('select * from users where id = ?', userId))[0];
  const links = () => rows('select * from activations where user_id = ? order by seq', userId);
  /** Lets the event be fanned out and gives the messages of the mails that it caused. */
  const relay = async () => {
    await fanOut(world.worker, [eventId]);
    return world.sent.emails.splice(0).map(({ body }) => body);
  };
  const deliver = (messages: readonly Record<string, string>[]) => world.arrive(messages, world.worker, 'emails');
  /** The mails that were sent to this address, the oldest first. */
  const inbox = () =>
    devEmails(world.worker.env)
      .filter(({ to }) => to === body.username)
      .reverse();
  return { ...customer, ...world, userId, eventId, email: body.username, mails, user, links, relay, deliver, inbox };
}

/** The token in the link of a mail. */
export function tokenIn({ text }: { readonly text: string }): string {
  const token = /\/activate#([\w-]+)/.exec(text)?.[1];
  if (token === undefined) throw new Error('no link in the mail');
  return token;
}
