import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { type Ceremony, expectedOf, isUnframed } from './ceremony.ts';
import { userHandleOf } from './relying-party.ts';
import type { AssertionResponse } from './responses.ts';

export type PasskeyCredential = {
  readonly id: string;
  readonly userId: string;
  readonly publicKey: string;
  readonly counter: number;
};

export type AssertedPasskey = { readonly counter: number; readonly backedUp: boolean };

type ExpectedAssertion = Ceremony & {
  readonly credential: PasskeyCredential;
  /** §7.2: authenticators may omit it where the user is known. */
  readonly userHandle: 'required' | 'optional';
};

/** §7.2. Null: a check fails. */
export async function checkAssertion(
  answer: AssertionResponse,
  { credential, userHandle, ...ceremony }: ExpectedAssertion,
): Promise<AssertedPasskey | null> {
  if (answer.id !== credential.id) return null;
  const handle = answer.response.userHandle ?? null;
  if (handle === null ? userHandle === 'required' : handle !== userHandleOf(credential.userId)) return null;
  const info = await verify(answer, credential, ceremony).catch(() => null);
  return info && { counter: info.newCounter, backedUp: info.credentialBackedUp };
}

async function verify(
  { id, type, response }: AssertionResponse,
  { publicKey, counter }: PasskeyCredential,
  ceremony: Ceremony,
) {
  const { clientDataJSON, authenticatorData, signature } = response;
  const key = new Uint8Array(Buffer.from(publicKey, 'base64url'));
  if (!isUnframed(clientDataJSON)) return null;
  const signed = { clientDataJSON, authenticatorData, signature };
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { id, rawId: id, type, response: signed, clientExtensionResults: {} },
    ...expectedOf(ceremony),
    credential: { id, publicKey: key, counter },
  });
  return verified ? authenticationInfo : null;
}
