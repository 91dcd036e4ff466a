import { env } from 'cloudflare:workers';
import * as v from 'valibot';
import { checkRegistration, RegistrationResponse, registrationOptions } from '../../../src/auth/passkeys/index.ts';
import { recoveryCodeHash } from '../../../src/auth/secrets/recovery-codes.ts';
import { seal } from '../../../src/auth/secrets/seal.ts';
import { newTotpSecret } from '../../../src/auth/secrets/totp.ts';
import { totpPurpose } from '../../../src/domain/sign-in/second-factor.ts';
import { readEnv } from '../../../src/env.ts';
import { makeReseller, newOrganization, rows, unique } from '../world.ts';
import { type Lie, newAuthenticator } from './authenticator.ts';
import { flowIn, newBrowser, type PageBrowser } from './page-browser.ts';
import { newChallenge } from './passkeys.ts';

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
  const sealed = await seal(readEnv(env), secret, totpPurpose(userId));
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
export async function signedInBrowser(email: string, password = PASSWORD) {
  const browser = newBrowser();
  const { page } = await passwordStep(browser, email, password);
  if (page.location !== '/account') throw new Error(page.text);
  return browser;
}

const setting = () => ({ publicUrl: readEnv(env).publicUrl });

/** Gives a user a passkey, which is its authenticator. */
export async function givePasskey(userId: string) {
  const authenticator = await newAuthenticator('https://edge.localhost');
  const challenge = newChallenge();
  const user = { id: userId, email: 'ada@example.com', name: 'Ada' };
  const response = await authenticator.create(registrationOptions({ env: setting(), user, existing: [], challenge }));
  const passkey = await checkRegistration(v.parse(RegistrationResponse, response), { challenge, env: setting() });
  if (passkey === null) throw new Error('the registration was refused');
  const { id, publicKey, counter } = passkey;
  await rows(
    `insert into passkeys (id, user_id, name, public_key, counter, transports, backed_up, created_at)
     values (?, ?, 'Key', ?, ?, '["internal"]', 1, 1)`,
    id,
    userId,
    publicKey,
    counter,
  );
  await rows('update users set two_factor_enabled = 1 where id = ?', userId);
  return { id, authenticator };
}

type Authenticator = Awaited<ReturnType<typeof newAuthenticator>>;

/** Answers a flow by a passkey as the page's script does. */
export async function passkeyStep(browser: PageBrowser, flow: string, authenticator: Authenticator, lie: Lie = {}) {
  const options = await browser.postJson(`/sign-in/passkey/options?flow=${flow}`, {});
  if (options.status !== 200) throw new Error(options.text);
  const credential = await authenticator.get(options.body, lie);
  return { options: options.body, credential, page: await sendPasskey(browser, flow, credential) };
}

export const sendPasskey = (browser: PageBrowser, flow: string, credential: unknown) =>
  browser.postJson(`/sign-in/passkey?flow=${flow}`, { credential });
