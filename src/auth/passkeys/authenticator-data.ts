import { PASSKEY_ID_MAX_BYTES, PASSKEY_PUBLIC_KEY_MAX_BYTES } from '../../model/limits.ts';
import { readMap } from './cbor.ts';

/** §6.1: where the parts stand. */
const FLAGS_AT = 32;
const COUNTER_AT = 33;
const HEADER_BYTES = 37;
/** §6.5.1: the same for what describes a new credential, behind the header and the authenticator's model. */
const ID_LENGTH_AT = 53;
const ID_AT = 55;

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const HAS_CREDENTIAL = 0x40;
const HAS_EXTENSIONS = 0x80;

/** A new credential: its id in base64url, and its public key as the COSE_Key that it came as. */
export type AttestedCredential = { readonly id: string; readonly publicKey: Uint8Array<ArrayBuffer> };

export type AuthenticatorData = {
  readonly rpIdHash: Uint8Array;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly counter: number;
  readonly credential: AttestedCredential | null;
};

/** Authenticator data (§6.1), or null where it is not exactly what its flags say. */
export function readAuthenticatorData(data: Uint8Array<ArrayBuffer>): AuthenticatorData | null {
  if (data.byteLength < HEADER_BYTES) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const flags = view.getUint8(FLAGS_AT);
  const has = (flag: number) => (flags & flag) !== 0;
  const attested = has(HAS_CREDENTIAL) ? readCredential(data, view) : { credential: null, end: HEADER_BYTES };
  if (attested === null) return null;
  const end = has(HAS_EXTENSIONS) ? readMap(data, attested.end)?.end : attested.end;
  if (end !== data.byteLength) return null;
  return {
    rpIdHash: data.subarray(0, FLAGS_AT),
    userPresent: has(USER_PRESENT),
    userVerified: has(USER_VERIFIED),
    backupEligible: has(BACKUP_ELIGIBLE),
    backedUp: has(BACKED_UP),
    counter: view.getUint32(COUNTER_AT),
    credential: attested.credential,
  };
}

function readCredential(data: Uint8Array<ArrayBuffer>, view: DataView) {
  if (data.byteLength < ID_AT) return null;
  const idLength = view.getUint16(ID_LENGTH_AT);
  const keyAt = ID_AT + idLength;
  const end = readMap(data, keyAt)?.end;
  if (end === undefined || idLength > PASSKEY_ID_MAX_BYTES || end - keyAt > PASSKEY_PUBLIC_KEY_MAX_BYTES) return null;
  const id = Buffer.from(data.subarray(ID_AT, keyAt)).toString('base64url');
  return { credential: { id, publicKey: data.slice(keyAt, end) }, end };
}
