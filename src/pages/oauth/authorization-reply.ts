import { type AuthorizationFault, authorizationError } from './authorization-fault.ts';

/** Where an answer goes. */
export type To = { readonly redirectUri: string; readonly state: string | null };

/** Sends the browser back to the client with a code (RFC 6749 §4.1.2, RFC 9207 §2). */
export function replyWithCode(issuer: string, to: To, code: string): Response {
  return redirect(addressOf(issuer, to, { code }));
}

/** Sends it back with the reason why there is none (RFC 6749 §4.1.2.1). */
export function replyWithFault(issuer: string, to: To, fault: AuthorizationFault): Response {
  return redirect(faultAddress(issuer, to, fault));
}

/** The same as an address, for a page that asks first. */
export function faultAddress(issuer: string, to: To, fault: AuthorizationFault): string {
  const [error, description] = authorizationError(fault);
  return addressOf(issuer, to, { error, error_description: description });
}

function addressOf(issuer: string, { redirectUri, state }: To, answer: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({ ...answer, ...(state !== null && { state }), iss: issuer });
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`;
}

function redirect(location: string): Response {
  return new Response(null, { status: 303, headers: { Location: location, 'Referrer-Policy': 'no-referrer' } });
}
