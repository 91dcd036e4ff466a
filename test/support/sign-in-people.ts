import { env } from 'cloudflare:workers';
import { recoveryCodeHash } from '../../src/auth/recovery-codes.ts';
import { seal } from '../../src/auth/seal.ts';
import { newTotpSecret } from '../../src/auth/totp.ts';
import { readEnv } from '../../src/env.ts';
import { flowIn, newBrowser, type PageBrowser } from './page-browser.ts';
import { makeReseller, newOrganization, rows, unique } from './world.ts';

export const PASSWORD = 'Correct-horse-7';

/** Somebody who may sign in by password, in a reseller of their own. */
export async function makePerson(fields: Record<string, unknown> = {}) {
  const reseller = await makeReseller();
  const organization = await reseller.api.post(`${reseller.base}/organizations`, newOrganization());
  const email = `${unique('ada')}@example.com`;
  const made = await reseller.api.post(`${reseller.base}/users`, {
    firstName: 'Ada',
    lastName: 'Brightwater',
    email,
    role: 'user',
    organizationId: organization.body.id,
    allowCustomerPortalAccess: true,
    password: PASSWORD,
    ...fields,
  });
  if (made.status !== 201) throw new Error(made.text);
  const userId: string = made.body.id;
  return { ...reseller, email, userId };
}

/** Gives a user an authenticator, which is its secret. */
export async function giveTotp(userId: string): Promise<string> {
  const secret = newTotpSecret();
  const sealed = await seal(readEnv(env), secret);
  await rows(
    'insert into totp_secrets (user_id, sealed_secret, confirmed_at, created_at) values (?, ?, 1, 1)',
    userId,
    sealed,
  );
  await rows('update users set two_factor_enabled = 1 where id = ?', userId);
  return secret;
}

export async function giveRecoveryCode(userId: string, code: string): Promise<void> {
  await rows(
    'insert into recovery_codes (user_id, code_hash, created_at) values (?, ?, 1)',
    userId,
    await recoveryCodeHash(code),
  );
}

/** Takes the first step: the page, and the form with these fields. */
export async function passwordStep(browser: PageBrowser, email: string, password = PASSWORD) {
  const page = await browser.open('/sign-in');
  const flow = flowIn(page);
  return { flow, page: await browser.post('/sign-in/password', { flow, email, password }) };
}

/** A browser in which this person has signed in by password alone. */
export async function signedInBrowser(email: string) {
  const browser = newBrowser();
  const { page } = await passwordStep(browser, email);
  if (page.location !== '/account') throw new Error(page.text);
  return browser;
}
