import * as v from 'valibot';
import {
  ATTESTATION_OBJECT_MAX_BYTES,
  AUTHENTICATOR_DATA_MAX_BYTES,
  CLIENT_DATA_MAX_BYTES,
  PASSKEY_ID_MAX_BYTES,
  RSA_MODULUS_MAX_BYTES,
  TRANSPORT_MAX_CHARS,
  TRANSPORTS_MAX,
  USER_HANDLE_MAX_BYTES,
} from '../../model/limits.ts';

const base64url = (maxBytes: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty(),
    v.maxLength(Math.ceil((maxBytes * 4) / 3)),
    v.regex(/^[\w-]*$/, 'Must be base64url without padding.'),
  );

// The copy has a buffer of its own: nothing that reads past the end finds what else is in memory.
const bytes = (maxBytes: number) =>
  v.pipe(
    base64url(maxBytes),
    v.transform((text) => new Uint8Array(Buffer.from(text, 'base64url'))),
  );

const common = { id: base64url(PASSKEY_ID_MAX_BYTES), type: v.literal('public-key') };

/** §5.1: what `navigator.credentials.create` gave, by `toJSON()`. */
export const RegistrationResponse = v.object({
  ...common,
  response: v.object({
    clientDataJSON: bytes(CLIENT_DATA_MAX_BYTES),
    attestationObject: bytes(ATTESTATION_OBJECT_MAX_BYTES),
    transports: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.maxLength(TRANSPORT_MAX_CHARS))), v.maxLength(TRANSPORTS_MAX)),
      [],
    ),
  }),
});
export type RegistrationResponse = v.InferOutput<typeof RegistrationResponse>;

/** §5.1: what `navigator.credentials.get` gave, by `toJSON()`. */
export const AssertionResponse = v.object({
  ...common,
  response: v.object({
    clientDataJSON: bytes(CLIENT_DATA_MAX_BYTES),
    authenticatorData: bytes(AUTHENTICATOR_DATA_MAX_BYTES),
    signature: bytes(RSA_MODULUS_MAX_BYTES),
    userHandle: v.nullish(base64url(USER_HANDLE_MAX_BYTES)),
  }),
});
export type AssertionResponse = v.InferOutput<typeof AssertionResponse>;
