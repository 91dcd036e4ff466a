import { decodeJwt } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { send } from '../support/api.ts';
import { authorized, type Delegation, exchange, makeDelegation } from '../support/people/oauth.ts';
import { muteQueues } from '../support/queues.ts';
import { rows, unique } from '../support/world.ts';

beforeAll(muteQueues);

/** What an application is told of the user's address, in both places where it can ask. */
async function claimed(of: Delegation): Promise<readonly [idToken: unknown, userInfo: unknown]> {
  const { code } = await authorized(of, { scope: 'openid email' });
  const { body } = await exchange(of, code);
  const headers = { Authorization: `Bearer ${body.access_token}` };
  const info = (await send('GET', '/oauth/userinfo', { headers })).body;
  return [decodeJwt(body.id_token)['email_verified'], info.email_verified];
}

const prove = ({ userId }: Delegation) => rows('update users set email_verified_at = 1 where id = ?', userId);

test('an address that a tenant vouches for is not verified', async () => {
  expect(await claimed(await makeDelegation())).toEqual([false, false]);
});

test('a person who proved an address is not one who got another', async () => {
  const of = await makeDelegation();
  await prove(of);
  expect(await claimed(of)).toEqual([true, true]);
  const email = `${unique('ceo')}@victim.example`;
  expect((await of.api.patch(`${of.base}/users/${of.userId}`, { email })).status).toBe(200);
  expect(await claimed({ ...of, email })).toEqual([false, false]);
  expect((await of.api.patch(`${of.base}/users/${of.userId}`, { email: email.toUpperCase() })).status).toBe(200);
  await prove(of);
  expect((await of.api.patch(`${of.base}/users/${of.userId}`, { email, firstName: 'Ada' })).status).toBe(200);
  expect(await claimed({ ...of, email })).toEqual([true, true]);
});
