import {
  AUTHORIZATION_MAX_CHARS,
  AUTHORIZATION_PARAMETER_MAX_CHARS,
  AUTHORIZATION_VALUE_MAX_CHARS,
  STATE_MAX_CHARS,
} from '../model/limits/index.ts';
import type { AuthorizationFault } from './authorization-fault.ts';

/** The values of `prompt` that there are (OpenID Connect Core 1.0 §3.1.2.1). */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof PROMPTS)[number];

/** A request for an authorization code that means something (OAuth 2.1 §4.1.1). */
export type AuthorizationRequest = {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly scope: string;
  readonly nonce: string | null;
  readonly codeChallenge: string;
  readonly prompts: ReadonlySet<Prompt>;
  readonly maxAgeSeconds: number | null;
  readonly loginHint: string | null;
  readonly uiLocales: string | null;
  /** The request again as its query, without unknown parameters and `login_hint`. */
  readonly query: string;
};

/** What a request turns out to be: nobody's whom anything could be sent to, a mistake of its client, or a good one. */
export type Reading =
  | { readonly kind: 'stranger' }
  | {
      readonly kind: 'fault';
      readonly fault: AuthorizationFault;
      readonly client: Registered;
      readonly redirectUri: string;
      readonly state: string | null;
    }
  | { readonly kind: 'request'; readonly request: AuthorizationRequest };

type Registered = {
  readonly resellerId: string | null;
  readonly open: boolean;
  readonly redirectUris: readonly string[];
};

const SINGLE = [
  ...['client_id', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state', 'nonce', 'code_challenge'],
  ...[
    'code_challenge_method',
    'prompt',
    'max_age',
    'login_hint',
    'ui_locales',
    'request',
    'request_uri',
    'registration',
  ],
];
const LONGER: ReadonlySet<string> = new Set(['scope', 'login_hint', 'request', 'request_uri', 'registration']);
const UNSUPPORTED = ['request', 'request_uri', 'registration'] as const;

/** Reads a request against what is known of its client (null: there is none). A parameter without a value counts as none. */
export function readAuthorization(sent: URLSearchParams, client: Registered | null): Reading {
  const value = (name: string) => sent.get(name) || null;
  const [clientId, redirectUri] = [value('client_id'), value('redirect_uri')];
  const certain = ['client_id', 'redirect_uri'].every((name) => sent.getAll(name).length === 1);
  if (!certain || client === null || clientId === null || redirectUri === null) return { kind: 'stranger' };
  if (!client.redirectUris.includes(redirectUri)) return { kind: 'stranger' };
  const state = sent.getAll('state').length === 1 ? value('state') : null;
  const fault = faultOf(sent, client, value);
  if (fault !== null) return { kind: 'fault', fault, client, redirectUri, state };
  const maxAge = value('max_age');
  // The first page of the sign-in gets the hint; it is kept no longer.
  const known = [...sent].filter(([name, given]) => SINGLE.includes(name) && name !== 'login_hint' && given !== '');
  const request = {
    ...{ clientId, redirectUri, state },
    scope: value('scope') ?? '',
    nonce: value('nonce'),
    codeChallenge: value('code_challenge') ?? '',
    prompts: promptsOf(value('prompt')) ?? new Set(),
    maxAgeSeconds: maxAge === null ? null : Number(maxAge),
    loginHint: value('login_hint'),
    uiLocales: value('ui_locales'),
    query: new URLSearchParams(known).toString(),
  };
  return { kind: 'request', request };
}

function faultOf(
  sent: URLSearchParams,
  { resellerId, open }: Registered,
  value: (name: string) => string | null,
): AuthorizationFault | null {
  const repeated = SINGLE.find((name) => sent.getAll(name).length > 1);
  if (repeated !== undefined) return { kind: 'repeated', parameter: repeated };
  const long = SINGLE.find((name) => encodedLength(value(name)) > longest(name));
  if (long !== undefined) return { kind: 'too_long', parameter: long };
  const unsupported = UNSUPPORTED.find((name) => value(name) !== null);
  if (unsupported !== undefined) return { kind: 'unsupported', parameter: unsupported };
  const type = value('response_type');
  if (type === null) return { kind: 'missing', parameter: 'response_type' };
  if (type !== 'code') return { kind: 'response_type' };
  if ((value('response_mode') ?? 'query') !== 'query') return { kind: 'response_mode' };
  if (resellerId === null || !open) return { kind: 'tenant' };
  if (value('code_challenge_method') !== 'S256' || !isDigest(value('code_challenge'))) return { kind: 'pkce' };
  if (promptsOf(value('prompt')) === null) return { kind: 'malformed', parameter: 'prompt' };
  if (!/^\d{1,9}$/.test(value('max_age') ?? '0')) return { kind: 'malformed', parameter: 'max_age' };
  return null;
}

/** How long a value is as it is kept, in the query. */
const encodedLength = (text: string | null) => new URLSearchParams([['', text ?? '']]).toString().length - '='.length;

/** How long a parameter may be; a `redirect_uri` is one of those that the client registered. */
function longest(name: string): number {
  if (name === 'redirect_uri') return AUTHORIZATION_MAX_CHARS;
  if (name === 'state') return STATE_MAX_CHARS;
  return LONGER.has(name) ? AUTHORIZATION_PARAMETER_MAX_CHARS : AUTHORIZATION_VALUE_MAX_CHARS;
}

/** SHA-256 in base64url, which S256 is (RFC 7636 §4.2). */
const isDigest = (text: string | null) => text !== null && /^[\w-]{43}$/.test(text);

/** Null where one is unknown, or `none` has company. */
function promptsOf(text: string | null): ReadonlySet<Prompt> | null {
  const names = new Set((text ?? '').split(' ').filter((name) => name !== ''));
  const prompts = PROMPTS.filter((prompt) => names.has(prompt));
  if (prompts.length < names.size || (names.has('none') && names.size > 1)) return null;
  return new Set(prompts);
}
