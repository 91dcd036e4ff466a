/** WebAuthn Level 3. In this folder, §n is a section of it. */
import type { checkAssertion as CheckAssertion } from './assertion.ts';
import type { checkRegistration as CheckRegistration } from './registration.ts';

// Loads the library with the first passkey instead of at every start.
export const checkAssertion: typeof CheckAssertion = async (...args) =>
  (await import('./assertion.ts')).checkAssertion(...args);
export const checkRegistration: typeof CheckRegistration = async (...args) =>
  (await import('./registration.ts')).checkRegistration(...args);

export { assertionOptions, registrationOptions } from './options.ts';
export type { RegisteredPasskey } from './registration.ts';
export { AssertionResponse, RegistrationResponse } from './responses.ts';
