import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  AssertionResponse,
  assertionOptions,
  checkAssertion,
  checkRegistration,
  RegistrationResponse,
  registrationOptions,
} from '../../src/auth/passkeys/index.ts';
import { FLAG, type Lie, newAuthenticator } from '../support/people/authenticator.ts';
import {
  assert,
  base64url,
  bytesOf,
  env,
  newChallenge,
  register,
  registered,
  user,
} from '../support/people/passkeys.ts';

const LIES: [string, Lie][] = [
  ['on another origin', { origin: 'https://edge.localhost' }],
  ['by another scheme', { origin: 'http://edge.localhost:8443' }],
  ['for another host', { rpId: 'evil.test' }],
  ['for a host above ours', { rpId: 'test' }],
  ['to another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  ['in a frame of another origin', { clientData: { crossOrigin: true } }],
  ['below another top', { clientData: { topOrigin: 'https://evil.test' } }],
  ['with nobody present', { flags: FLAG.userPresent }],
  ['with nobody verified', { flags: FLAG.userVerified }],
  ['backed up, which it cannot be', { flags: FLAG.backupEligible }],
  ['with extensions that are not there', { flags: FLAG.extensions }],
  ['with extensions that are no map', { extensions: Uint8Array.of(0x01) }],
  ['with bytes behind its extensions', { extensions: Uint8Array.of(0xa0, 0x00) }],
  ['under another id', { id: 'AAAAAAAAAAAAAAAAAAAAAA' }],
];

describe.each(['ES256', 'EdDSA', 'RS256'] as const)('a passkey with %s', (algorithm) => {
  test('is registered, and signs in again and again', async () => {
    const use = await registered(algorithm);
    expect(use.passkey).toEqual({
      id: expect.stringMatching(/^[\w-]{22}$/),
      publicKey: expect.stringMatching(/^[\w-]+$/),
      counter: 1,
      transports: ['internal', 'hybrid'],
      backedUp: true,
    });
    expect(await assert(use)).toEqual({ counter: 2, backedUp: true });
    expect(await assert(use)).toEqual({ counter: 3, backedUp: true });
  });

  test("does not sign in by another's key", async () => {
    const [{ authenticator }, { passkey }] = await Promise.all([registered(algorithm), registered(algorithm)]);
    const { id } = passkey;
    expect(await assert({ authenticator, passkey }, { id })).toBeNull();
  });
});

test.each([...LIES, ['as an assertion', { type: 'webauthn.get' }] as const])(
  'a registration %s is refused',
  async (_, lie) => {
    expect((await register(lie)).passkey).toBeNull();
  },
);

test.each([...LIES, ['as a registration', { type: 'webauthn.create' }] as const])(
  'an assertion %s is refused',
  async (_, lie) => {
    expect(await assert(await registered(), lie)).toBeNull();
  },
);

const nothing = Uint8Array.of(0x30, 0x00);
const certified = { alg: -7, sig: nothing, x5c: [nothing, nothing] };
const ATTESTATIONS: NonNullable<Lie['attestation']>[] = [
  ['packed', certified],
  ['packed', { ...certified, x5c: [] }],
  ['packed', { alg: -7, sig: nothing }],
  ['tpm', { ...certified, ver: '2.0', certInfo: nothing, pubArea: nothing }],
  ['tpm', {}],
  ['android-key', certified],
  ['android-safetynet', { ver: '1', response: nothing }],
  ['fido-u2f', certified],
  ['apple', certified],
  ['none', certified],
  ['none', { sig: nothing }],
  ['compound', {}],
];

test.each(ATTESTATIONS)(
  'an attestation that nobody asked for is refused without a fault: %s %o',
  async (...attestation) => {
    expect((await register({ attestation })).passkey).toBeNull();
  },
);

test('extensions that nobody asked for do no harm', async () => {
  const extensions = Uint8Array.of(0xa1, 0x61, 0x78, 0xf5);
  const { authenticator, passkey } = await register({ extensions });
  expect(passkey).not.toBeNull();
  expect(await assert({ authenticator, passkey: passkey! }, { extensions })).not.toBeNull();
});

describe('the counter', () => {
  test.each([
    [1, 1],
    [7, 6],
    [7, 0],
    [4_294_967_295, 1],
  ])('is refused where it goes from %i to %i, as a copy would', async (before, counter) => {
    const { authenticator, passkey } = await registered();
    expect(await assert({ authenticator, passkey: { ...passkey, counter: before } }, { counter })).toBeNull();
  });

  test.each([
    [0, 0],
    [0, 1],
    [7, 4_294_967_295],
  ])('may go from %i to %i', async (before, counter) => {
    const { authenticator, passkey } = await registered();
    const asserted = await assert({ authenticator, passkey: { ...passkey, counter: before } }, { counter });
    expect(asserted).toEqual({ counter, backedUp: true });
  });
});

describe('the user handle', () => {
  test("is refused where it is another user's", async () => {
    const use = await registered();
    const userHandle = Buffer.from('0198c5a1-2b3c-7d4e-8f50-61728394a5b7').toString('base64url');
    expect(await assert(use, { userHandle })).toBeNull();
    expect(await assert(use, { userHandle }, 'optional')).toBeNull();
  });

  test('may be left out only where it is known who signs in', async () => {
    const use = await registered();
    expect(await assert(use, { userHandle: null })).toBeNull();
    expect(await assert(use, { userHandle: null }, 'optional')).not.toBeNull();
  });
});

test('the options are the JSON forms of WebAuthn Level 3', () => {
  const challenge = newChallenge();
  const existing = [{ id: 'AAAA', transports: ['usb'] }];
  expect(registrationOptions({ env, user, existing, challenge })).toEqual({
    rp: { id: 'edge.localhost', name: 'edge.localhost' },
    user: { id: Buffer.from(user.id).toString('base64url'), name: user.email, displayName: user.name },
    challenge,
    pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
    timeout: 300_000,
    excludeCredentials: [{ type: 'public-key', id: 'AAAA', transports: ['usb'] }],
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  });
  expect(assertionOptions({ env, allowed: existing, challenge })).toEqual({
    challenge,
    timeout: 300_000,
    rpId: 'edge.localhost',
    allowCredentials: [{ type: 'public-key', id: 'AAAA', transports: ['usb'] }],
    userVerification: 'required',
  });
});

describe('what is no answer of an authenticator', () => {
  test('is refused wherever it was cut off, or goes on', async () => {
    const { response, challenge } = await register();
    const { response: parts, ...rest } = v.parse(RegistrationResponse, response);
    const check = (object: Uint8Array) =>
      checkRegistration({ ...rest, response: { ...parts, attestationObject: base64url(object) } }, { challenge, env });
    const object = bytesOf(parts.attestationObject);
    expect(await check(object)).not.toBeNull();
    for (let length = 0; length < object.byteLength; length++) expect(await check(object.slice(0, length))).toBeNull();
    expect(await check(new Uint8Array([...object, 0]))).toBeNull();
  });

  test('is refused, never thrown at, whatever byte of it is another', async () => {
    const use = await registered();
    const challenge = newChallenge();
    const answer = await use.authenticator.get(assertionOptions({ env, allowed: [], challenge }));
    const { response, ...rest } = v.parse(AssertionResponse, answer);
    const credential = { ...use.passkey, userId: user.id };
    const check = (changed: Partial<typeof response>) =>
      checkAssertion(
        { ...rest, response: { ...response, ...changed } },
        { challenge, credential, env, userHandle: 'required' },
      );
    expect(await check({})).not.toBeNull();
    for (const part of ['clientDataJSON', 'authenticatorData', 'signature'] as const) {
      const bytes = bytesOf(response[part]);
      for (let at = 0; at < bytes.byteLength; at++) {
        expect(await check({ [part]: base64url(bytes.with(at, bytes[at]! ^ 0x11)) })).toBeNull();
        expect(await check({ [part]: base64url(bytes.slice(0, at)) })).toBeNull();
      }
    }
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'passkey'],
    ['a list', []],
    ['an empty object', {}],
    ['no response', { id: 'AAAA', type: 'public-key' }],
    ['another type', { id: 'AAAA', type: 'password', response: {} }],
  ])('is an issue, not an exception: %s', (_, body) => {
    expect(v.safeParse(RegistrationResponse, body).success).toBe(false);
    expect(v.safeParse(AssertionResponse, body).success).toBe(false);
  });

  test.each(['clientDataJSON', 'attestationObject'])('is an issue where %s is none', async (part) => {
    const { response } = await register();
    for (const value of ['', 'a+b/', 'AAAA==', 'ä', 'A'.repeat(1_000_000), 7, null, {}, undefined]) {
      const body = { ...response, response: { ...response.response, [part]: value } };
      expect(v.safeParse(RegistrationResponse, body).success).toBe(false);
    }
  });

  test.each(['clientDataJSON', 'authenticatorData', 'signature', 'userHandle'])(
    'is an issue where an assertion has as its %s what is none',
    async (part) => {
      const authenticator = await newAuthenticator('https://edge.localhost:8443');
      const answer = await authenticator.get(assertionOptions({ env, allowed: [], challenge: newChallenge() }));
      for (const value of ['a+b/', 'AAAA==', 'A'.repeat(1_000_000), 7, {}]) {
        const body = { ...answer, response: { ...answer.response, [part]: value } };
        expect(v.safeParse(AssertionResponse, body).success).toBe(false);
      }
    },
  );

  test('is refused where it nests without end', async () => {
    const { response, challenge } = await register();
    const parsed = v.parse(RegistrationResponse, response);
    const attestationObject = base64url(new Uint8Array(16_384).fill(0x81));
    const nested = { ...parsed, response: { ...parsed.response, attestationObject } };
    expect(await checkRegistration(nested, { challenge, env })).toBeNull();
  });
});
