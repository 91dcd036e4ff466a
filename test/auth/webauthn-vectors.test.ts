import { decodeCredentialPublicKey, verifySignature } from '@simplewebauthn/server/helpers';
import { expect, test } from 'vitest';
import { checkRegistration } from '../../src/auth/passkeys/index.ts';
import { verifyEC2 } from '../../src/auth/passkeys/lean/ecdsa.ts';
import { FRAMED, SELF_ATTESTED, SIGNED, VECTOR_ENV } from './webauthn-vectors.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const base64url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

function register({ challenge, id, clientDataJSON, attestationObject }: typeof SELF_ATTESTED) {
  const response = {
    clientDataJSON: base64url(clientDataJSON),
    attestationObject: base64url(attestationObject),
    transports: [],
  };
  return checkRegistration(
    { id: base64url(id), type: 'public-key', response },
    { challenge: base64url(challenge), env: VECTOR_ENV },
  );
}

test("W3C's passkey that attests to itself is registered", async () => {
  expect(await register(SELF_ATTESTED)).toEqual({
    id: base64url(SELF_ATTESTED.id),
    publicKey: base64url(SIGNED['ES256, neither number with a zero in front']!.publicKey),
    counter: 0,
    transports: [],
    backedUp: true,
  });
});

test("W3C's passkey that was made in a frame of another origin is not", async () => {
  expect(await register(FRAMED)).toBeNull();
});

const ecdsa = Object.entries(SIGNED).filter(([name]) => name.startsWith('ES256'));

test.each(ecdsa)("W3C's signature is right to what the bundle has in the library's place: %s", async (_, signed) => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(signed.clientDataJSON)));
  const data = new Uint8Array([...bytes(signed.authenticatorData), ...hash]);
  const key = decodeCredentialPublicKey(bytes(signed.publicKey));
  const cosePublicKey = new Map<number, unknown>(key as unknown as Map<number, unknown>);
  const signature = bytes(signed.signature);
  expect(await verifyEC2({ cosePublicKey, signature, data })).toBe(true);
  expect(await verifyEC2({ cosePublicKey, signature, data: data.with(0, 0) })).toBe(false);
  expect(await verifyEC2({ cosePublicKey, signature: signature.with(-1, 0), data })).toBe(false);
  await expect(verifyEC2({ cosePublicKey, signature, data, shaHashOverride: -257 })).rejects.toThrow();
  await expect(verifyEC2({ cosePublicKey: cosePublicKey.set(-1, 2), signature, data })).rejects.toThrow();
});

test.each(Object.entries(SIGNED))("W3C's signature is right: %s", async (_, signed) => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(signed.clientDataJSON)));
  const data = new Uint8Array([...bytes(signed.authenticatorData), ...hash]);
  const by = { signature: bytes(signed.signature), credentialPublicKey: bytes(signed.publicKey) };
  expect(await verifySignature({ ...by, data })).toBe(true);
  expect(await verifySignature({ ...by, data: data.with(0, 0) })).toBe(false);
});
