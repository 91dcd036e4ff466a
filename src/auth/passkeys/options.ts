import { PASSKEY_TIMEOUT_MS } from '../../model/limits/index.ts';
import { type PasskeyEnv, relyingParty, userHandleOf } from './relying-party.ts';

/** IANA's COSE registry. */
const EDDSA = -8;
const ES256 = -7;
const RS256 = -257;

/** ES256: phones and security keys. RS256: Windows Hello. */
export const ALGORITHMS = [ES256, EDDSA, RS256] as const;

type CredentialDescriptor = { readonly id: string; readonly transports: readonly string[] };

type RegistrationRequest = {
  readonly env: PasskeyEnv;
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly existing: readonly CredentialDescriptor[];
  readonly challenge: string;
};

/** §5.1. */
export function registrationOptions({ env, user, existing, challenge }: RegistrationRequest) {
  const { id } = relyingParty(env);
  return {
    // §5.4: the name is deprecated.
    rp: { id, name: id },
    user: { id: userHandleOf(user.id), name: user.email, displayName: user.name },
    challenge,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: PASSKEY_TIMEOUT_MS,
    excludeCredentials: existing.map(descriptorOf),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
  };
}

type AssertionRequest = {
  readonly env: PasskeyEnv;
  /** Empty: any passkey, which then identifies the user. */
  readonly allowed: readonly CredentialDescriptor[];
  readonly challenge: string;
};

/** §5.1. */
export function assertionOptions({ env, allowed, challenge }: AssertionRequest) {
  return {
    challenge,
    timeout: PASSKEY_TIMEOUT_MS,
    rpId: relyingParty(env).id,
    allowCredentials: allowed.map(descriptorOf),
    userVerification: 'required',
  };
}

function descriptorOf({ id, transports }: CredentialDescriptor) {
  return { type: 'public-key', id, transports };
}
