import { beforeAll, expect, test } from 'vitest';
import { statementsOf, wasteOf } from '../support/measures/plans.ts';
import { newAuthenticator } from '../support/people/authenticator.ts';
import { flowIn, newBrowser } from '../support/people/page-browser.ts';
import { giveRecoveryCode, makePerson, PASSWORD, passkeyStep, passwordStep } from '../support/people/sign-in-people.ts';
import { codeOf, steady } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';

beforeAll(muteQueues);

test('no statement of the sign-in and account pages scans a table or sorts its result', async () => {
  const { email, userId } = await makePerson();
  const authenticator = await newAuthenticator('https://edge.localhost');
  await steady();
  const statements = await statementsOf(async () => {
    const browser = newBrowser();
    await passwordStep(browser, 'nobody@example.com');
    await passwordStep(browser, email);
    await browser.get('/account');
    const options = await browser.postJson('/account/passkeys/options', {});
    const credential = await authenticator.create(options.body);
    expect((await browser.postJson('/account/passkeys', { credential, name: '' })).status).toBe(200);
    const { text } = await browser.post('/account/app', {});
    const secret = /name="secret" value="([A-Z2-7]+)"/.exec(text)?.[1] ?? '';
    expect((await browser.post('/account/app/enable', { code: codeOf(secret, -1) })).status).toBe(200);
    expect((await browser.post('/account/recovery-codes', { codes: codeOf(secret) })).status).toBe(200);
    await giveRecoveryCode(userId, '0000-1111-2222-3333');
    const other = newBrowser();
    const { flow, page } = await passwordStep(other, email);
    await other.get(page.location ?? '');
    await other.post('/sign-in/factor', { flow, code: '000000' });
    expect((await other.post('/sign-in/factor', { flow, recoveryCode: '0000111122223333' })).status).toBe(303);
    const third = newBrowser();
    await passkeyStep(third, flowIn(await third.open('/sign-in')), authenticator);
    await third.post('/sign-in/forgotten', { flow: flowIn(await newBrowser().open('/sign-in')), email });
    await browser.post('/account/sessions/end-others', {});
    await browser.post('/account/passkeys/remove', { id: credential.id });
    await browser.post('/account/sign-out', {});
    expect((await passwordStep(browser, email, PASSWORD)).page.status).toBe(303);
  });
  expect(statements.size).toBeGreaterThan(30);
  expect(await wasteOf(statements)).toEqual({});
});
