import {
  AUTHORIZATION_MAX_CHARS,
  AUTHORIZATION_PARAMETER_MAX_CHARS,
  AUTHORIZATION_VALUE_MAX_CHARS,
  STATE_MAX_CHARS,
} from '../../model/limits/index.ts';
import { PROMPTS, type Prompt } from '../../model/sign-in/flow.ts';
import type { AuthorizationFault } from './authorization-fault.ts';

/** OAuth 2.1 §4.1.1. */
export type AuthorizationCodeRequest = {
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
  /** The request's known parameters, without `login_hint`. */
  readonly query: string;
};

/** `stranger`: the redirect URI is not trusted, so the browser is not sent there. */
export type ParsedAuthorization =
  | { readonly kind: 'stranger' }
  | {
      readonly kind: 'fault';
      readonly fault: AuthorizationFault;
      readonly client: RegisteredClient;
      readonly redirectUri: string;
      readonly state: string | null;
    }
  | { readonly kind: 'request'; readonly request: AuthorizationCodeRequest };

type RegisteredClient = {
  readonly resellerId: string | null;
  readonly open: boolean;
  readonly redirectUris: readonly string[];
};

const PARAMETERS = [
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
const LONG_PARAMETERS: ReadonlySet<string> = new Set(['scope', 'login_hint', 'request', 'request_uri', 'registration']);
const UNSUPPORTED = ['request', 'request_uri', 'registration'] as const;

/** `client`: null if unknown. An empty parameter counts as absent. */
export function parseAuthorization(parameters: URLSearchParams, client: RegisteredClient | null): ParsedAuthorization {
  const value = (name: string) => parameters.get(name) || null;
  const [clientId, redirectUri] = [value('client_id'), value('redirect_uri')];
  const hasOneEach = ['client_id', 'redirect_uri'].every((name) => parameters.getAll(name).length === 1);
  if (!hasOneEach || client === null || clientId === null || redirectUri === null) return { kind: 'stranger' };
  if (!client.redirectUris.includes(redirectUri)) return { kind: 'stranger' };
  const state = parameters.getAll('state').length === 1 ? value('state') : null;
  const fault = findFault(parameters, client, value);
  if (fault !== null) return { kind: 'fault', fault, client, redirectUri, state };
  const maxAge = value('max_age');
  // Only the first sign-in page gets the hint.
  const forwarded = [...parameters].filter(
    ([name, given]) => PARAMETERS.includes(name) && name !== 'login_hint' && given !== '',
  );
  const request = {
    ...{ clientId, redirectUri, state },
    scope: value('scope') ?? '',
    nonce: value('nonce'),
    codeChallenge: value('code_challenge') ?? '',
    prompts: parsePrompts(value('prompt')) ?? new Set(),
    maxAgeSeconds: maxAge === null ? null : Number(maxAge),
    loginHint: value('login_hint'),
    uiLocales: value('ui_locales'),
    query: new URLSearchParams(forwarded).toString(),
  };
  return { kind: 'request', request };
}

function findFault(
  parameters: URLSearchParams,
  { resellerId, open }: RegisteredClient,
  value: (name: string) => string | null,
): AuthorizationFault | null {
  const repeated = PARAMETERS.find((name) => parameters.getAll(name).length > 1);
  if (repeated !== undefined) return { kind: 'repeated', parameter: repeated };
  const tooLong = PARAMETERS.find((name) => encodedLength(value(name)) > maxEncodedChars(name));
  if (tooLong !== undefined) return { kind: 'too_long', parameter: tooLong };
  const unsupported = UNSUPPORTED.find((name) => value(name) !== null);
  if (unsupported !== undefined) return { kind: 'unsupported', parameter: unsupported };
  const type = value('response_type');
  if (type === null) return { kind: 'missing', parameter: 'response_type' };
  if (type !== 'code') return { kind: 'response_type' };
  if ((value('response_mode') ?? 'query') !== 'query') return { kind: 'response_mode' };
  if (resellerId === null || !open) return { kind: 'tenant' };
  if (value('code_challenge_method') !== 'S256' || !isSha256(value('code_challenge'))) return { kind: 'pkce' };
  if (parsePrompts(value('prompt')) === null) return { kind: 'malformed', parameter: 'prompt' };
  if (!/^\d{1,9}$/.test(value('max_age') ?? '0')) return { kind: 'malformed', parameter: 'max_age' };
  return null;
}

const encodedLength = (text: string | null) => new URLSearchParams([['', text ?? '']]).toString().length - '='.length;

function maxEncodedChars(name: string): number {
  if (name === 'redirect_uri') return AUTHORIZATION_MAX_CHARS;
  if (name === 'state') return STATE_MAX_CHARS;
  return LONG_PARAMETERS.has(name) ? AUTHORIZATION_PARAMETER_MAX_CHARS : AUTHORIZATION_VALUE_MAX_CHARS;
}

/** RFC 7636 §4.2. */
const isSha256 = (text: string | null) => text !== null && /^[\w-]{43}$/.test(text);

/** Null for an unknown value, or `none` with another one. */
function parsePrompts(text: string | null): ReadonlySet<Prompt> | null {
  const names = new Set((text ?? '').split(' ').filter((name) => name !== ''));
  const prompts = PROMPTS.filter((prompt) => names.has(prompt));
  if (prompts.length < names.size || (names.has('none') && names.size > 1)) return null;
  return new Set(prompts);
}
