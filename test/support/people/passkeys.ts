import * as v from 'valibot';
import {
  AssertionResponse,
  assertionOptions,
  checkAssertion,
  checkRegistration,
  type RegisteredPasskey,
  RegistrationResponse,
  registrationOptions,
} from '../../../src/auth/passkeys/index.ts';
import { type Algorithm, type Lie, newAuthenticator } from './authenticator.ts';

export const env = { publicUrl: 'https://edge.localhost:8443/below' };
export const user = { id: '0198c5a1-2b3c-7d4e-8f50-61728394a5b6', email: 'ada@example.com', name: 'Ada Lovelace' };

export const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
export const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));

/** A challenge that nobody had before. */
export function newChallenge(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** A new authenticator and a registration of its passkey. */
export async function register(lie: Lie = {}, algorithm?: Algorithm) {
  const authenticator = await newAuthenticator('https://edge.localhost:8443', algorithm);
  const challenge = newChallenge();
  const response = await authenticator.create(registrationOptions({ env, user, existing: [], challenge }), lie);
  const passkey = await checkRegistration(v.parse(RegistrationResponse, response), { challenge, env });
  return { authenticator, passkey, response, challenge };
}

/** The same, where the registration succeeds. */
export async function registered(algorithm?: Algorithm) {
  const { authenticator, passkey } = await register({}, algorithm);
  if (passkey === null) throw new Error('the registration was refused');
  return { authenticator, passkey };
}

type Use = { authenticator: Awaited<ReturnType<typeof newAuthenticator>>; passkey: RegisteredPasskey };

/** An assertion by a passkey. */
export async function assert(
  { authenticator, passkey }: Use,
  lie: Lie = {},
  userHandle: 'required' | 'optional' = 'required',
) {
  const challenge = newChallenge();
  const response = await authenticator.get(assertionOptions({ env, allowed: [], challenge }), lie);
  const credential = { ...passkey, userId: user.id };
  return checkAssertion(v.parse(AssertionResponse, response), { challenge, credential, env, userHandle });
}
