export type AuthorizationFault =
  | { readonly kind: 'repeated' | 'missing' | 'malformed' | 'too_long'; readonly parameter: string }
  | { readonly kind: 'response_type' | 'response_mode' | 'pkce' }
  | { readonly kind: 'unsupported'; readonly parameter: 'request' | 'request_uri' | 'registration' }
  /** The client has no reseller, or its account is disabled. */
  | { readonly kind: 'tenant' }
  /** No requested scope can be granted. */
  | { readonly kind: 'scope' }
  /** `prompt=none` forbids the page that is needed. */
  | { readonly kind: 'login_required' | 'consent_required' | 'interaction_required' }
  | { readonly kind: 'denied' };

type ErrorParameters = readonly [error: string, description: string];

/** RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6. */
export function errorParameters(fault: AuthorizationFault): ErrorParameters {
  switch (fault.kind) {
    case 'repeated':
      return ['invalid_request', `${fault.parameter} was sent twice.`];
    case 'missing':
      return ['invalid_request', `${fault.parameter} is missing.`];
    case 'malformed':
      return ['invalid_request', `${fault.parameter} has no such value.`];
    case 'too_long':
      return ['invalid_request', `${fault.parameter} is too long.`];
    case 'response_type':
      return ['unsupported_response_type', 'Use response_type code.'];
    case 'response_mode':
      return ['invalid_request', 'Use response_mode query, or none.'];
    case 'pkce':
      return ['invalid_request', 'Send a code_challenge of PKCE with the code_challenge_method S256.'];
    case 'unsupported':
      return [`${fault.parameter}_not_supported`, `Send the parameters themselves instead of ${fault.parameter}.`];
    case 'tenant':
      return ['unauthorized_client', 'The client has no reseller that users could sign in to.'];
    case 'scope':
      return ['invalid_scope', 'Ask for openid, or for rights that both the client and the user have.'];
    case 'login_required':
      return ['login_required', 'The user has to sign in.'];
    case 'consent_required':
      return ['consent_required', 'The user has to agree.'];
    case 'interaction_required':
      return ['interaction_required', 'The user has to set up a second factor.'];
    case 'denied':
      return ['access_denied', 'The user did not agree.'];
  }
}
