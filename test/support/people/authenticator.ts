import { type CBORType, encodeCBOR } from '@levischuck/tiny-cbor';
import type { assertionOptions, registrationOptions } from '../../../src/auth/passkeys/index.ts';

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

/** What an authenticator and its browser say otherwise than they should. */
export type Lie = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly clientData?: Readonly<Record<string, unknown>>;
  /** Bits of the authenticator data's flags that are turned over. */
  readonly flags?: number;
  readonly counter?: number;
  readonly id?: string;
  readonly userHandle?: string | null;
  readonly extensions?: Uint8Array;
  /** What it says about its model, and in which format. */
  readonly attestation?: readonly [format: string, statement: Readonly<Record<string, CBORType>>];
};

export const FLAG = { userPresent: 1, userVerified: 4, backupEligible: 8, backedUp: 16, extensions: 128 } as const;

const KEY_PARAMETERS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: { name: 'Ed25519' },
  RS256: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const;

/**
 * An authenticator in software with the browser before it, as WebAuthn Level 3 describes them: one passkey, which
 * verifies its user, is backed up and counts.
 */
export async function newAuthenticator(origin: string, algorithm: Algorithm = 'ES256') {
  const { privateKey, publicKey } = (await crypto.subtle.generateKey(KEY_PARAMETERS[algorithm], true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const coseKey = encodeCBOR(coseOf((await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey));
  const id = crypto.getRandomValues(new Uint8Array(16));
  let counter = 0;
  let handle = '';

  async function clientData(type: string, challenge: string, lie: Lie) {
    const said = { type: lie.type ?? type, challenge: lie.challenge ?? challenge, origin: lie.origin ?? origin };
    return Buffer.from(JSON.stringify({ ...said, crossOrigin: false, ...lie.clientData }));
  }

  async function header(rpId: string, flags: number, lie: Lie) {
    const data = Buffer.alloc(37);
    data.set(await sha256(Buffer.from(lie.rpId ?? rpId)));
    data[32] = flags ^ (lie.flags ?? 0) ^ (lie.extensions === undefined ? 0 : FLAG.extensions);
    counter += 1;
    data.writeUInt32BE(lie.counter ?? counter, 33);
    return data;
  }

  const common = { id: base64url(id), rawId: base64url(id), type: 'public-key', authenticatorAttachment: 'platform' };
  const none = new Uint8Array();

  return {
    /** `navigator.credentials.create` and `toJSON()`. */
    async create({ challenge, rp, user }: ReturnType<typeof registrationOptions>, lie: Lie = {}) {
      handle = user.id;
      const idLength = Buffer.from([0, id.byteLength]);
      const attested = Buffer.concat([Buffer.alloc(16), idLength, id, coseKey, lie.extensions ?? none]);
      const authData = new Uint8Array(Buffer.concat([await header(rp.id, 0x5d, lie), attested]));
      const [format, statement] = lie.attestation ?? ['none', {}];
      const object = new Map<string | number, CBORType>([
        ['fmt', format],
        ['attStmt', new Map(Object.entries(statement))],
        ['authData', authData],
      ]);
      return {
        ...common,
        id: lie.id ?? common.id,
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(await clientData('webauthn.create', challenge, lie)),
          attestationObject: base64url(encodeCBOR(object)),
          authenticatorData: base64url(authData),
          transports: ['internal', 'hybrid'],
        },
      };
    },
    /** `navigator.credentials.get` and `toJSON()`. */
    async get({ challenge, rpId }: ReturnType<typeof assertionOptions>, lie: Lie = {}) {
      const clientDataJSON = await clientData('webauthn.get', challenge, lie);
      const authenticatorData = Buffer.concat([await header(rpId, 0x1d, lie), lie.extensions ?? none]);
      const signed = Buffer.concat([authenticatorData, await sha256(clientDataJSON)]);
      const signature = await crypto.subtle.sign(
        { name: privateKey.algorithm.name, hash: 'SHA-256' },
        privateKey,
        signed,
      );
      return {
        ...common,
        id: lie.id ?? common.id,
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientDataJSON),
          authenticatorData: base64url(authenticatorData),
          signature: base64url(algorithm === 'ES256' ? derOf(Buffer.from(signature)) : new Uint8Array(signature)),
          ...(lie.userHandle !== null && { userHandle: lie.userHandle ?? handle }),
        },
      };
    },
  };
}

/** RFC 3279 §2.2.3: r and s as DER's integers, without zeros in front but the one that a high first bit needs. */
function derOf(raw: Uint8Array): Uint8Array {
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((half) => {
    const digits = half.subarray(
      Math.max(
        0,
        half.findIndex((byte) => byte !== 0),
      ),
    );
    const body = digits[0]! > 0x7f ? [0, ...digits] : [...digits];
    return [0x02, body.length, ...body];
  });
  return Uint8Array.from([0x30, integers.flat().length, ...integers.flat()]);
}

function coseOf({ kty, x, y, n, e }: JsonWebKey): Map<string | number, CBORType> {
  const bytes = (text = '') => new Uint8Array(Buffer.from(text, 'base64url'));
  if (kty === 'RSA')
    return new Map<number, CBORType>([
      [1, 3],
      [3, -257],
      [-1, bytes(n)],
      [-2, bytes(e)],
    ]);
  if (kty === 'OKP')
    return new Map<number, CBORType>([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes(x)],
    ]);
  return new Map<number, CBORType>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ]);
}

async function sha256(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}

function base64url(data: Uint8Array): string {
  return Buffer.from(data).toString('base64url');
}
