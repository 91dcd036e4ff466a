/** WebAuthn Level 3. In this folder, §n is a section of it. */
import type { checkAssertion as CheckAssertion } from './assertion.ts';
import type { checkRegistration as CheckRegistration } from './registration.ts';

// Loads the library with the first passkey instead of at every start.
export const checkAssertion: typeof CheckAssertion = async (...given) =>
  (await import('./assertion.ts')).checkAssertion(...given);
export const checkRegistration: typeof CheckRegistration = async (...given) =>
  (await import('./registration.ts')).checkRegistration(...given);

export { assertionOptions, registrationOptions } from './options.ts';
export type { RegisteredPasskey } from './registration.ts';
export { AssertionResponse, RegistrationResponse } from './responses.ts';
