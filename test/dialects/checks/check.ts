import * as v from 'valibot';
import { expect } from 'vitest';
import type { Dialect } from '../../../src/http/routes/dialect.ts';
import { mayBeAbsent } from '../../../src/http/routes/route.ts';
import type { Scope } from '../../../src/model/clients/scope.ts';
import type { Failure } from '../../../src/model/failure.ts';
import type { Reply } from '../../support/api.ts';
import { isPatch } from '../../support/generators/bodies.ts';
import { type Changes, type Declared, request, type Scene } from '../../support/generators/routes.ts';
import { footprint } from '../../support/measures/footprint.ts';
import { expectSaid } from '../../support/measures/said.ts';

/** What decides which guarantees a route has to keep; can be read off the declaration and off its documentation. */
export type Facts = {
  readonly method: string;
  readonly scope: Scope;
  readonly named: boolean;
  readonly queried: boolean;
  /** Whether it takes JSON. */
  readonly bodied: boolean;
  /** Whether a request may come without the body. */
  readonly bodiless: boolean;
  /** Whether the body is a list of operations (RFC 6902). */
  readonly patched: boolean;
  /** What names the reseller: the path, or the caller's credential. */
  readonly realm: Dialect['realm'];
  /** Whether callers may come with an API key. */
  readonly keyed: boolean;
};

export type Check = {
  readonly guarantee: string;
  readonly applies: (facts: Facts) => boolean;
  /** The refusals that it provokes, each of which has to be documented. */
  readonly refusals?: readonly Failure[];
  readonly run: (scene: Scene) => Promise<void>;
};

export function factsOf({ dialect, route }: Declared): Facts {
  const { method, scope, path, query, body } = route;
  return {
    method,
    scope,
    named: path.includes(':'),
    queried: query !== undefined,
    bodied: body !== undefined,
    bodiless: body !== undefined && mayBeAbsent(body),
    patched: isPatch(route),
    realm: dialect.realm,
    keyed: dialect.security.includes('apiKey'),
  };
}

/** Statuses that are no dialect's choice (contracts: common). */
const STATUS: { readonly [K in Failure['kind']]?: number } = {
  token_missing: 401,
  token_invalid: 401,
  scope_missing: 403,
  realm_missing: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_json: 400,
  media_type: 415,
  too_large: 413,
};

/** Issues of a validation are the route's own; their status is the dialect's. */
export const INVALID: Failure = { kind: 'invalid', issues: [] };

export const always = () => true;

/** Sends the scene's request with these changes and expects this refusal, well-formed, and nothing written. */
export async function expectRefused(scene: Scene, failure: Failure, changes: Changes): Promise<Reply> {
  const before = await footprint();
  const reply = await request(scene, changes);
  const { status } = scene.dialect.toWire(failure, 0);
  expect(reply, reply.text).toMatchObject({ status: STATUS[failure.kind] ?? status });
  expect(await footprint()).toEqual(before);
  expectHeaders(scene, reply);
  expect(reply.headers.get('WWW-Authenticate')).toBe(challengeOf(failure));
  expect(v.parse(scene.dialect.errorSchema, reply.body)).toEqual(reply.body);
  if (failure.kind !== 'invalid') expectSaid(reply.body, (now) => scene.dialect.toWire(failure, now).body);
  return reply;
}

/** Expects the route's success as it declares it, and nothing beyond. */
export function expectDeclared(scene: Scene, reply: Reply): void {
  const [status, schema] = scene.route.returns;
  expect(reply, reply.text).toMatchObject({ status });
  expectHeaders(scene, reply);
  // The same after parsing: nothing undeclared left the house.
  if (scene.route.bytes === 'response') expect(reply.text).not.toBe('');
  else if (schema === undefined) expect(reply.text).toBe('');
  else expect(v.parse(schema, reply.body)).toEqual(reply.body);
}

/** The headers that every answer carries. */
export function expectHeaders({ dialect, route }: Scene, { status, headers, text }: Reply): void {
  expect(headers.get('X-Request-Id')).toMatch(/^request-/);
  const sent = route.bytes === 'response' && status === route.returns[0];
  expect(headers.get('Cache-Control')).toBe(sent && !route.mediaType ? 'no-store, no-transform' : 'no-store');
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'; (frame-ancestors 'none'|sandbox)$/);
  for (const name of rateHeadersOf(dialect)) expect(headers.get(name), name).toBeTruthy();
  if (sent && route.mediaType) expect(headers.get('Content-Type')).toBe(route.mediaType);
  if (text !== '' && !sent) expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
}

export const rateHeadersOf = (dialect: Scene['dialect']) => [
  'RateLimit',
  'RateLimit-Policy',
  ...Object.keys(dialect.rateHeaders({ limit: 1, remaining: 1, resetMs: 0 })),
];

function challengeOf(failure: Failure): string | null {
  if (failure.kind === 'token_missing') return 'Bearer';
  if (failure.kind === 'token_invalid') return 'Bearer error="invalid_token"';
  if (failure.kind === 'scope_missing') return `Bearer error="insufficient_scope", scope="${failure.scope}"`;
  return null;
}
