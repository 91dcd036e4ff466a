import { readAuthenticatorData } from './authenticator-data.ts';
import { type Ceremony, isClientDataOf, isVerifiedHere } from './ceremony.ts';
import { importPublicKey } from './public-key.ts';
import { userHandleOf } from './relying-party.ts';
import type { AssertionResponse } from './responses.ts';
import { isSignedBy } from './signature.ts';

/** The passkey that the response names, as it was registered; `counter` as it was seen last. */
export type Passkey = {
  readonly id: string;
  readonly userId: string;
  readonly publicKey: string;
  readonly counter: number;
};

/** What to keep of a passkey that was used. */
export type AssertedPasskey = { readonly counter: number; readonly backedUp: boolean };

type Assertion = Ceremony & {
  readonly credential: Passkey;
  /** `required` where the passkey tells who signs in; elsewhere authenticators may leave it out (§7.2). */
  readonly userHandle: 'required' | 'optional';
};

/** §7.2: what the use of a passkey leaves behind, or null where any of the checks fails. */
export async function checkAssertion(
  { id, response }: AssertionResponse,
  { credential, userHandle, ...ceremony }: Assertion,
): Promise<AssertedPasskey | null> {
  if (id !== credential.id) return null;
  const handle = response.userHandle ?? null;
  if (handle === null ? userHandle === 'required' : handle !== userHandleOf(credential.userId)) return null;
  if (!isClientDataOf(response.clientDataJSON, 'webauthn.get', ceremony)) return null;
  const data = readAuthenticatorData(response.authenticatorData);
  if (data === null || !(await isVerifiedHere(data, ceremony.env))) return null;
  if (!(await isSigned(response, credential))) return null;
  return rises(data.counter, credential.counter) ? { counter: data.counter, backedUp: data.backedUp } : null;
}

async function isSigned(response: AssertionResponse['response'], { publicKey }: Passkey): Promise<boolean> {
  const key = await importPublicKey(new Uint8Array(Buffer.from(publicKey, 'base64url')));
  const clientDataHash = new Uint8Array(await crypto.subtle.digest('SHA-256', response.clientDataJSON));
  const signed = new Uint8Array(Buffer.concat([response.authenticatorData, clientDataHash]));
  return key !== null && isSignedBy(key, response.signature, signed);
}

/** §6.1.1: an authenticator that counts never counts down, but its copy does; most passkeys stay at 0. */
function rises(counter: number, before: number): boolean {
  return counter > before || (counter === 0 && before === 0);
}
