import { beforeAll, expect, test } from 'vitest';
import { Caller, send } from '../support/api.ts';
import { statementsOf, wasteOf } from '../support/measures/plans.ts';
import { answer, authorized, exchange, makeDelegation, post, refresh } from '../support/people/oauth.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';

beforeAll(muteQueues);

test('no statement of an authorization, of a code or of a client’s session scans a table or sorts its result', async () => {
  const of = await makeDelegation();
  const statements = await statementsOf(async () => {
    const { code, browser } = await authorized(of);
    const wider = await browser.get(await of.path({ scope: 'openid webhook:write', prompt: 'consent' }));
    await answer(browser, wider, 'allow');
    const { body } = await exchange(of, code);
    expect(body.access_token).toBeTruthy();
    await new Caller(body.access_token).get('/v3/webhooks');
    await send('GET', '/oauth/userinfo', { headers: { Authorization: `Bearer ${body.access_token}` } });
    const again = await refresh(of.client, body.refresh_token, { scope: 'openid' });
    await post('/oauth/revoke', of.client, { token: again.body.access_token });
    await exchange(of, code);
    const [{ id }] = await rows('select id from consents where user_id = ?', of.userId);
    await browser.post('/account/consents/withdraw', { id });
    await browser.post('/account/sessions/end-others', {});
    await browser.post('/account/sessions/end', { id: crypto.randomUUID() });
    const patch = [{ op: 'replace', path: '/name', value: 'Other' }];
    expect((await of.api.patch(`/v1.0/accounts/${of.id}/clients/${of.client.id}`, patch)).status).toBe(200);
  });
  expect([...statements].some((sql) => sql.includes('authorization_codes'))).toBe(true);
  expect(await wasteOf(statements)).toEqual({});
});
