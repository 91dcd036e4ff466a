import { type AuthorizationFault, authorizationError } from './authorization-fault.ts';

type To = { readonly redirectUri: string; readonly state: string | null };

/** Sends the browser back to the client with a code (RFC 6749 §4.1.2, RFC 9207 §2). */
export function replyWithCode(issuer: string, to: To, code: string): Response {
  return redirect(issuer, to, { code });
}

/** Sends it back with the reason why there is none (RFC 6749 §4.1.2.1). */
export function replyWithFault(issuer: string, to: To, fault: AuthorizationFault): Response {
  const [error, description] = authorizationError(fault);
  return redirect(issuer, to, { error, error_description: description });
}

function redirect(issuer: string, { redirectUri, state }: To, answer: Readonly<Record<string, string>>): Response {
  const query = new URLSearchParams({ ...answer, ...(state !== null && { state }), iss: issuer });
  const location = `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`;
  return new Response(null, { status: 303, headers: { Location: location, 'Referrer-Policy': 'no-referrer' } });
}
