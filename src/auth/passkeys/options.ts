import { PASSKEY_TIMEOUT_MS } from '../../model/limits/index.ts';
import { type PasskeyEnv, relyingParty, userHandleOf } from './relying-party.ts';

/** IANA's COSE registry. */
const EDDSA = -8;
const ES256 = -7;
const RS256 = -257;

/** Signatures that we take, the best known first: phones and security keys have ES256, Windows Hello has RS256. */
export const ALGORITHMS = [ES256, EDDSA, RS256] as const;

/** A passkey as browsers look for it; `transports` as it was registered with. */
type Known = { readonly id: string; readonly transports: readonly string[] };

type Registration = {
  readonly env: PasskeyEnv;
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  /** The user's passkeys, so that no authenticator makes a second one. */
  readonly existing: readonly Known[];
  readonly challenge: string;
};

/** For `PublicKeyCredential.parseCreationOptionsFromJSON` (§5.1): a passkey that can be the whole sign-in. */
export function registrationOptions({ env, user, existing, challenge }: Registration) {
  const { id } = relyingParty(env);
  return {
    // §5.4: no browser shows the name any more, and the id is what to put there.
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

type Assertion = {
  readonly env: PasskeyEnv;
  /** The passkeys of the user who signs in; none where the passkey shall tell who that is. */
  readonly allowed: readonly Known[];
  readonly challenge: string;
};

/** For `PublicKeyCredential.parseRequestOptionsFromJSON` (§5.1). */
export function assertionOptions({ env, allowed, challenge }: Assertion) {
  return {
    challenge,
    timeout: PASSKEY_TIMEOUT_MS,
    rpId: relyingParty(env).id,
    allowCredentials: allowed.map(descriptorOf),
    userVerification: 'required',
  };
}

function descriptorOf({ id, transports }: Known) {
  return { type: 'public-key', id, transports };
}
