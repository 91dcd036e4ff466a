import { type AuthorizationFault, errorParameters } from './authorization-fault.ts';

export type RedirectTarget = { readonly redirectUri: string; readonly state: string | null };

/** RFC 6749 §4.1.2, RFC 9207 §2. */
export function redirectWithCode(issuer: string, target: RedirectTarget, code: string): Response {
  return redirect(redirectUrl(issuer, target, { code }));
}

/** RFC 6749 §4.1.2.1. */
export function redirectWithFault(issuer: string, target: RedirectTarget, fault: AuthorizationFault): Response {
  return redirect(faultUrl(issuer, target, fault));
}

export function faultUrl(issuer: string, target: RedirectTarget, fault: AuthorizationFault): string {
  const [error, description] = errorParameters(fault);
  return redirectUrl(issuer, target, { error, error_description: description });
}

function redirectUrl(
  issuer: string,
  { redirectUri, state }: RedirectTarget,
  parameters: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams({ ...parameters, ...(state !== null && { state }), iss: issuer });
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`;
}

function redirect(location: string): Response {
  return new Response(null, { status: 303, headers: { Location: location, 'Referrer-Policy': 'no-referrer' } });
}
