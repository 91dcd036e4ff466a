/** Passkeys by WebAuthn Level 3, as the whole sign-in and as second factor; §n in these files is a section of it. */
import type { checkAssertion as CheckAssertion } from './assertion.ts';
import type { checkRegistration as CheckRegistration } from './registration.ts';

// The library brings all that reads certificates, so it is evaluated with the first passkey and not at each start.
export const checkAssertion: typeof CheckAssertion = async (...given) =>
  (await import('./assertion.ts')).checkAssertion(...given);
export const checkRegistration: typeof CheckRegistration = async (...given) =>
  (await import('./registration.ts')).checkRegistration(...given);

export { assertionOptions, registrationOptions } from './options.ts';
export type { NewPasskey } from './registration.ts';
export { AssertionResponse, RegistrationResponse } from './responses.ts';
