/** Passkeys by WebAuthn Level 3, as the whole sign-in and as second factor; §n in these files is a section of it. */
export { type AssertedPasskey, checkAssertion, type Passkey } from './passkeys/assertion.ts';
export { assertionOptions, registrationOptions } from './passkeys/options.ts';
export { checkRegistration, type NewPasskey } from './passkeys/registration.ts';
export { AssertionResponse, RegistrationResponse } from './passkeys/responses.ts';
