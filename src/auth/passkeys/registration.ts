import { readAuthenticatorData } from './authenticator-data.ts';
import { readMap } from './cbor.ts';
import { type Ceremony, isClientDataOf, isVerifiedHere } from './ceremony.ts';
import { importPublicKey } from './public-key.ts';
import type { RegistrationResponse } from './responses.ts';

/** A passkey as it is kept: id and public key (a COSE_Key) in base64url. */
export type NewPasskey = {
  readonly id: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly backedUp: boolean;
};

/**
 * §7.1: the passkey that a browser has made, or null where any of the checks fails. Whose authenticator it is (its
 * attestation) was not asked for and is not looked at. That the id is new is for the database to say.
 */
export async function checkRegistration(
  { id, response }: RegistrationResponse,
  ceremony: Ceremony,
): Promise<NewPasskey | null> {
  if (!isClientDataOf(response.clientDataJSON, 'webauthn.create', ceremony)) return null;
  const data = dataIn(response.attestationObject);
  if (data === null || !(await isVerifiedHere(data, ceremony.env))) return null;
  const { credential, counter, backedUp } = data;
  if (credential === null || credential.id !== id || (await importPublicKey(credential.publicKey)) === null)
    return null;
  const publicKey = Buffer.from(credential.publicKey).toString('base64url');
  return { id, publicKey, counter, transports: response.transports, backedUp };
}

function dataIn(attestationObject: Uint8Array) {
  const attestation = readMap(attestationObject);
  const data = attestation?.map['authData'];
  if (attestation?.end !== attestationObject.byteLength || !(data instanceof Uint8Array)) return null;
  return readAuthenticatorData(new Uint8Array(data));
}
