import * as v from 'valibot';
import {
  ATTESTATION_OBJECT_MAX_BYTES,
  AUTHENTICATOR_DATA_MAX_BYTES,
  CLIENT_DATA_MAX_BYTES,
  PASSKEY_ID_MAX_BYTES,
  SIGNATURE_MAX_BYTES,
  TRANSPORT_MAX_CHARS,
  TRANSPORTS_MAX,
  USER_HANDLE_MAX_BYTES,
} from '../../model/limits/index.ts';

const base64url = (maxBytes: number) =>
  v.pipe(
    v.string(),
    v.nonEmpty(),
    v.maxLength(Math.ceil((maxBytes * 4) / 3)),
    v.regex(/^[\w-]*$/, 'Must be base64url without padding.'),
  );

const common = { id: base64url(PASSKEY_ID_MAX_BYTES), type: v.literal('public-key') };

/** §5.1. */
export const RegistrationResponse = v.object({
  ...common,
  response: v.object({
    clientDataJSON: base64url(CLIENT_DATA_MAX_BYTES),
    attestationObject: base64url(ATTESTATION_OBJECT_MAX_BYTES),
    transports: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.maxLength(TRANSPORT_MAX_CHARS))), v.maxLength(TRANSPORTS_MAX)),
      [],
    ),
  }),
});
export type RegistrationResponse = v.InferOutput<typeof RegistrationResponse>;

/** §5.1. */
export const AssertionResponse = v.object({
  ...common,
  response: v.object({
    clientDataJSON: base64url(CLIENT_DATA_MAX_BYTES),
    authenticatorData: base64url(AUTHENTICATOR_DATA_MAX_BYTES),
    signature: base64url(SIGNATURE_MAX_BYTES),
    userHandle: v.nullish(base64url(USER_HANDLE_MAX_BYTES)),
  }),
});
export type AssertionResponse = v.InferOutput<typeof AssertionResponse>;
