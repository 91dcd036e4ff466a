import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Env, TrustedIssuer } from '../../env.ts';
import { readScopes } from '../../model/clients/scope.ts';
import { Refusal, refuse } from '../../model/failure.ts';
import { JWKS_MAX_AGE_MS, TOKEN_LEEWAY_SECONDS, TOKEN_MAX_CHARS } from '../../model/limits/index.ts';
import { type Actor, FIRST_PARTY_CLIENT_ID, userActorNames } from '../../model/sessions/actor.ts';
import { cacheActor, findCachedActor } from '../actor-cache.ts';
import { sha256 } from '../secrets/digest.ts';
import { keysOf, trustedIssuer } from './issuers.ts';
import { keyRing } from './keys.ts';

const ALGORITHMS = ['ES256', 'RS256', 'EdDSA'];
/** RFC 8725 §3.10. */
const FORBIDDEN_HEADERS = ['jku', 'jwk', 'x5u', 'x5c'];

const OWN_RESELLER_CLAIM = 'reseller_id';

/** RFC 7515 §2: other spellings of the same bytes are rejected. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** RFC 9068 §4. Refuses `token_invalid` for every problem. */
export async function verifyToken(env: Env, token: string, nowMs: number): Promise<Actor> {
  if (token.length > TOKEN_MAX_CHARS) refuse({ kind: 'token_invalid' }, 'token too long');
  if (!COMPACT.test(token)) refuse({ kind: 'token_invalid' }, 'not a compact JWS');
  const digest = await sha256(token);
  const cached = findCachedActor(env, digest, nowMs);
  if (cached !== undefined) return cached;
  const { actor, cachedUntilMs } = await verify(env, token, nowMs).catch(refuseToken);
  cacheActor(env, digest, { actor, cachedUntilMs });
  return actor;
}

async function verify(env: Env, token: string, nowMs: number) {
  const header = decodeProtectedHeader(token);
  const forbidden = FORBIDDEN_HEADERS.find((name) => name in header);
  if (forbidden !== undefined) refuse({ kind: 'token_invalid' }, `header ${forbidden}`);
  const issuer = decodeJwt(token).iss ?? '';
  const trusted = issuer === env.publicUrl ? undefined : trustedIssuer(env, issuer);
  if (issuer !== env.publicUrl && trusted === undefined) refuse({ kind: 'token_invalid' }, 'unknown issuer');
  const { payload } = await jwtVerify(token, trusted === undefined ? ownKey(env) : keysOf(trusted), {
    algorithms: ALGORITHMS,
    typ: 'at+jwt',
    issuer,
    audience: trusted?.audience ?? env.publicUrl,
    clockTolerance: TOKEN_LEEWAY_SECONDS,
    currentDate: new Date(nowMs),
    requiredClaims: trusted === undefined ? ['sub', 'exp', 'iat', 'jti', 'client_id'] : ['sub', 'exp'],
    ...(trusted?.maxAgeSeconds !== undefined && { maxTokenAge: trusted.maxAgeSeconds }),
  });
  if (trusted === undefined) return { actor: ownActor(payload), cachedUntilMs: expiryOf(payload) };
  // An issuer may withdraw a key: its tokens expire with its keys.
  const cachedUntilMs = Math.min(expiryOf(payload, trusted.maxAgeSeconds), nowMs + JWKS_MAX_AGE_MS);
  return { actor: externalActor(payload, trusted), cachedUntilMs };
}

function expiryOf({ exp = 0, iat = 0 }: JWTPayload, maxAgeSeconds = Number.POSITIVE_INFINITY): number {
  return Math.min(exp, iat + maxAgeSeconds) * 1000;
}

function ownKey(env: Env): JWTVerifyGetKey {
  return async ({ kid, alg }) => {
    const found = (await keyRing(env)).verifiers.get(kid ?? '');
    if (found === undefined || found.alg !== alg) throw new errors.JWKSNoMatchingKey();
    return found.key;
  };
}

function ownActor(payload: JWTPayload): Actor {
  const reseller = textClaim(payload[OWN_RESELLER_CLAIM]);
  const subject = textClaim(payload.sub) ?? '';
  const scopes = readScopes(scopeOf(payload), reseller);
  const session = textClaim(payload['sid']);
  if (session === null) {
    const name = `client:${subject}`;
    const tokenId = textClaim(payload.jti) ?? '';
    return { kind: 'client', subject, credential: name, name, reseller, scopes, tokenId, ...NO_USER };
  }
  if (reseller === null) refuse({ kind: 'token_invalid' }, 'a user of no reseller');
  const client = textClaim(payload['client_id']);
  const application = client === FIRST_PARTY_CLIENT_ID ? null : client;
  const signedInAt = application === null ? timeClaim(payload['auth_time']) : null;
  const names = userActorNames(subject, reseller, application);
  return { kind: 'user', subject, ...names, reseller, scopes, tokenId: session, signedInAt, application };
}

const NO_USER = { signedInAt: null, application: null } as const;

function externalActor(payload: JWTPayload, trusted: TrustedIssuer): Actor {
  const reseller = textClaim(payload[trusted.resellerClaim ?? OWN_RESELLER_CLAIM]);
  if (trusted.resellerClaim !== undefined && reseller === null) refuse({ kind: 'token_invalid' }, 'no reseller claim');
  // A token for one reseller must not act as the operator.
  if (trusted.operator && reseller !== null) refuse({ kind: 'token_invalid' }, 'a reseller in an operator token');
  const name = `${trusted.issuer}#${textClaim(payload.sub)}`;
  return {
    kind: 'issuer',
    subject: name,
    credential: JSON.stringify([trusted.issuer, reseller, textClaim(payload['client_id']), payload.sub]),
    name,
    reseller,
    scopes: readScopes(scopeOf(payload), reseller),
    tokenId: textClaim(payload.jti) ?? '',
    ...NO_USER,
  };
}

function scopeOf(payload: JWTPayload): string {
  return typeof payload['scope'] === 'string' ? payload['scope'] : '';
}

function textClaim(claim: unknown): string | null {
  if (claim === undefined) return null;
  if (typeof claim !== 'string' || claim === '') refuse({ kind: 'token_invalid' }, 'a claim has the wrong type');
  return claim;
}

/** RFC 7519 §2: seconds. Returns milliseconds. */
function timeClaim(claim: unknown): number | null {
  if (claim === undefined) return null;
  if (typeof claim !== 'number') refuse({ kind: 'token_invalid' }, 'a claim has the wrong type');
  return claim * 1000;
}

/** Fails closed, also when a key server is unreachable. */
function refuseToken(error: unknown): never {
  if (error instanceof errors.JOSEError) refuse({ kind: 'token_invalid' }, error.code);
  if (error instanceof Refusal) throw error;
  refuse({ kind: 'token_invalid' }, error instanceof Error ? error.name : 'unreadable');
}
