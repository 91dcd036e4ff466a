import { type AuthorizationFault, authorizationError } from './authorization-fault.ts';

export type To = { readonly redirectUri: string; readonly state: string | null };

/** RFC 6749 §4.1.2, RFC 9207 §2. */
export function replyWithCode(issuer: string, to: To, code: string): Response {
  return redirect(addressOf(issuer, to, { code }));
}

/** RFC 6749 §4.1.2.1. */
export function replyWithFault(issuer: string, to: To, fault: AuthorizationFault): Response {
  return redirect(faultAddress(issuer, to, fault));
}

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
