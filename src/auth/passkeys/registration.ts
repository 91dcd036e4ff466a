import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { PASSKEY_PUBLIC_KEY_MAX_BYTES } from '../../model/limits/index.ts';
import { hasNoCertificate } from './attestation.ts';
import { type Ceremony, expectedOf, isUnframed } from './ceremony.ts';
import { ALGORITHMS } from './options.ts';
import type { RegistrationResponse } from './responses.ts';

/** Id and public key (COSE_Key) are base64url. */
export type RegisteredPasskey = {
  readonly id: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly backedUp: boolean;
};

/** §7.1. Null: a check fails. The database checks that the id is new. */
export async function checkRegistration(
  { id, type, response }: RegistrationResponse,
  ceremony: Ceremony,
): Promise<RegisteredPasskey | null> {
  const info = await verify({ id, type, response }, ceremony).catch(() => null);
  if (!info || info.credential.id !== id) return null;
  const { publicKey, counter } = info.credential;
  if (publicKey.byteLength > PASSKEY_PUBLIC_KEY_MAX_BYTES) return null;
  return {
    id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    counter,
    transports: response.transports,
    backedUp: info.credentialBackedUp,
  };
}

async function verify(answer: RegistrationResponse, ceremony: Ceremony) {
  const { clientDataJSON, attestationObject } = answer.response;
  if (!isUnframed(clientDataJSON) || !hasNoCertificate(attestationObject)) return null;
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: { ...answer, rawId: answer.id, clientExtensionResults: {} },
    ...expectedOf(ceremony),
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
  return verified ? registrationInfo : null;
}
