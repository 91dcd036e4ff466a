import { jsonOf } from './contract.ts';
import type { Answers } from './operation.ts';

/** What nobody declares elsewhere: how the addresses beside the dialects answer. */
type Kind = Readonly<Record<number, Answers>>;

const text = { type: 'string' };
const object = (properties: object, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});
const json = (schema: object): Answers => ({ 'application/json': jsonOf(schema) });
const nothing: Answers = {};
const isPage = (shown: string) => (/^<!doctype html>[\s\S]*<\/html>\s*$/.test(shown) ? undefined : 'no page');
const page: Answers = { 'text/html': isPage };
const anyJson: Answers = { 'application/json': jsonOf({ type: ['object', 'array'] }) };
const problem = object({ field: text, message: text });
const refused = json(object({ message: text, code: text, errors: { type: 'array', items: problem } }, ['errors']));
const oauthRefused = json(object({ error: text, error_description: text }));

const refusals = (...statuses: readonly number[]): Kind =>
  Object.fromEntries(statuses.map((status) => [status, refused]));
const shows: Kind = { 200: page, 303: nothing, 400: page, 403: page, 404: page, 409: page, 429: page };
const signIn: Kind = { ...shows, 422: page };
/** The own data come as a file. */
const download: Kind = { ...signIn, 200: { ...page, ...anyJson } };
/** Nothing is there unless a provider is set. */
const provider: Kind = { ...shows, 404: { ...page, ...refused } };
const scriptRefused = json(object({ code: text, message: text, location: text }, ['message', 'location']));
const script: Kind = {
  200: anyJson,
  400: scriptRefused,
  401: scriptRefused,
  403: scriptRefused,
  404: scriptRefused,
  409: scriptRefused,
  429: scriptRefused,
};
const file: Kind = { 200: { '*/*': () => undefined }, 304: nothing, 404: refused };
const developer: Kind = { 200: page, 404: refused };
const shortcut: Kind = { 303: nothing, 404: refused };
const link = json(
  object({
    state: text,
    purpose: { type: ['string', 'null'] },
    name: { type: ['string', 'null'] },
    email: { type: ['string', 'null'] },
    language: { type: ['string', 'null'] },
    branding: { type: ['object', 'null'] },
    rules: { type: 'array' },
  }),
);
const linkRefusals = refusals(400, 409, 413, 415, 429);
const tokens = json(
  object(
    {
      access_token: text,
      token_type: { const: 'Bearer' },
      expires_in: { type: 'integer' },
      scope: text,
      refresh_token: text,
      id_token: text,
    },
    ['refresh_token', 'id_token'],
  ),
);

/** What the account page has forms for, below `/account/`. */
export const ACCOUNT_FORMS = [
  'again',
  'password',
  'app',
  'app/enable',
  'app/disable',
  'recovery-codes',
  'passkeys/remove',
  'provider/unlink',
  'provider/allow',
  'consents/withdraw',
  'memberships/accept',
  'memberships/decline',
  'memberships/leave',
  'export',
  'delete',
  'sessions/end',
  'sessions/end-others',
  'sign-out',
] as const;

type Sends = 'form' | 'json' | null;
/** Every address beside the dialects: its method, what is sent to it, and what it may answer. */
export const PAGES: readonly (readonly [method: string, path: string, sends: Sends, kind: Kind])[] = [
  ['GET', '/', null, { 200: { ...page, ...anyJson } }],
  ['GET', '/healthz', null, { 200: anyJson }],
  ['GET', '/docs', null, shows],
  ['GET', '/docs/dialects.json', null, { 200: anyJson }],
  ['GET', '/docs/:file', null, file],
  ['GET', '/activate', null, shows],
  ['GET', '/pages/:file', null, file],
  ['POST', '/activate/link', 'json', { 200: link, ...linkRefusals }],
  ['POST', '/activate/password', 'json', { 204: nothing, ...linkRefusals }],
  ['POST', '/activate/mail', 'json', { 202: json({ type: 'object', properties: {} }), ...linkRefusals }],
  ['GET', '/sign-in', null, shows],
  ['GET', '/sign-in/password', null, { 303: nothing }],
  ['POST', '/sign-in/password', 'form', signIn],
  ['GET', '/sign-in/factor', null, { 303: nothing }],
  ['POST', '/sign-in/factor', 'form', signIn],
  ['POST', '/sign-in/passkey/options', 'json', script],
  ['POST', '/sign-in/passkey', 'json', script],
  ['GET', '/sign-in/google', null, provider],
  ['GET', '/sign-in/google/callback', null, provider],
  ['GET', '/sign-in/forgotten', null, shows],
  ['POST', '/sign-in/forgotten', 'form', signIn],
  ['GET', '/account', null, shows],
  ...ACCOUNT_FORMS.flatMap((name) => [
    ['GET', `/account/${name}`, null, { 303: nothing }] as const,
    ['POST', `/account/${name}`, 'form', name === 'export' ? download : signIn] as const,
  ]),
  ['POST', '/account/passkeys/options', 'json', script],
  ['POST', '/account/passkeys', 'json', script],
  ['GET', '/invitation/:token', null, shows],
  ['POST', '/invitation/:token', 'form', shows],
  ['GET', '/subscribe/:token', null, shows],
  ['POST', '/subscribe/:token', 'form', shows],
  ['GET', '/unsubscribe/:token', null, shows],
  ['POST', '/unsubscribe/:token', 'form', shows],
  ['GET', '/dev/mail', null, shortcut],
  ['GET', '/dev/mail/:id', null, shortcut],
  ['GET', '/dev/mail/:id/html', null, shortcut],
  ['GET', '/cdn-cgi/mail', null, developer],
  ['GET', '/cdn-cgi/mail/:id', null, developer],
  ['GET', '/cdn-cgi/mail/:id/html', null, developer],
  ['GET', '/.well-known/jwks.json', null, { 200: anyJson }],
  ['GET', '/.well-known/oauth-authorization-server', null, { 200: anyJson }],
  ['GET', '/.well-known/openid-configuration', null, { 200: anyJson }],
  ['GET', '/oauth/authorize', null, shows],
  ['POST', '/oauth/authorize', 'form', shows],
  ['POST', '/oauth/consent', 'form', shows],
  ['POST', '/oauth/token', 'form', { 200: tokens, 400: oauthRefused, 401: oauthRefused }],
  ['POST', '/oauth/revoke', 'form', { 200: nothing, 400: oauthRefused, 401: oauthRefused }],
  ['GET', '/oauth/userinfo', null, { 200: anyJson, 401: nothing, 403: nothing }],
  ['POST', '/oauth/userinfo', 'form', { 200: anyJson, 401: nothing, 403: nothing }],
];
