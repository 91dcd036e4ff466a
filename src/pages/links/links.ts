import * as v from 'valibot';
import { sha256 } from '../../auth/secrets/digest.ts';
import { hashPassword } from '../../auth/secrets/password.ts';
import {
  choosePassword,
  type LinkContext,
  readLink,
  requestPasswordLink,
} from '../../domain/sign-in/password-links.ts';
import { parseJson, readBytes } from '../../http/body.ts';
import { deviceCookie } from '../../http/callers/devices.ts';
import { originOf } from '../../http/callers/origin.ts';
import { LINK } from '../../http/rate-limits/policies.ts';
import { limitNetwork } from '../../http/rate-limits/rate-limit.ts';
import { jsonResponse, reply } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { withCommonPasswords } from '../../http/routes/common-passwords.ts';
import { decode } from '../../http/routes/decode.ts';
import { PASSWORD_RULE, StrongPassword } from '../../model/factors/password.ts';
import { type Failure, Refusal } from '../../model/failure.ts';
import { Email } from '../../model/fields.ts';
import { LINK_TOKEN_MAX_CHARS } from '../../model/limits/index.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import { fullName } from '../../model/users/user.ts';
import { tooManyRequestsJson } from '../too-many-requests.ts';

const LinkToken = v.pipe(v.string(), v.minLength(1), v.maxLength(LINK_TOKEN_MAX_CHARS));
const TokenBody = v.object({ token: LinkToken });
const PasswordBody = v.object({ token: LinkToken, password: StrongPassword });
const MailBody = v.union([TokenBody, v.object({ email: Email })], 'Send a token or an email.');

const rules = PASSWORD_RULE.map(({ name, pattern }) => ({ name, pattern }));
const unknown = { state: 'unknown', purpose: null, name: null, email: null, language: null, branding: null, rules };

/** Names the user only while the link works. */
export function showLink(context: RequestContext): Promise<Response> {
  return answer(context, async (visit) => {
    const { token } = await readBody(context, TokenBody);
    const link = await readLink(visit, await sha256(token));
    if (link === null) return jsonResponse(unknown);
    const { state, purpose, user } = link;
    const userDetails = state === 'open' ? { name: fullName(user), email: user.email } : { name: null, email: null };
    return jsonResponse({
      state,
      purpose,
      ...userDetails,
      language: user.language,
      branding: link.branding && lookOf(link.branding),
      rules,
    });
  });
}

/** Sets the device cookie; 409 for an expired or used link. */
export function setPassword(context: RequestContext): Promise<Response> {
  return answer(context, async (visit) => {
    const { token, password } = await readBody(context, PasswordBody);
    const chosen = await choosePassword(visit, await sha256(token), password);
    if (chosen === null) return error(409, 'LINK_NOT_VALID', 'This link does not work any more.');
    const { eventIds, mailId, verifiedUserId } = chosen;
    context.runAfterCommit({ eventIds: [...eventIds], emailIds: mailId === null ? [] : [mailId], tasks: [] });
    return reply(
      204,
      null,
      verifiedUserId === null ? {} : { 'Set-Cookie': await deviceCookie(context, verifiedUserId) },
    );
  });
}

/** Responds before the look-up, so that the response does not disclose accounts. */
export function emailLink(context: RequestContext): Promise<Response> {
  return answer(context, async (visit) => {
    const body = await readBody(context, MailBody);
    const recipient = 'token' in body ? { tokenHash: await sha256(body.token) } : body;
    context.runAfterCommit({ eventIds: [], tasks: [], mail: requestPasswordLink(visit, recipient) });
    return jsonResponse({}, 202);
  });
}

const lookOf = ({ productName, primaryColor, supportEmail }: Branding) => ({ productName, primaryColor, supportEmail });

async function answer(context: RequestContext, work: (visit: LinkContext) => Promise<Response>): Promise<Response> {
  const { env, request, db, requestId, now, newId } = context;
  try {
    await limitNetwork(context, LINK);
    return await work({
      db,
      requestId,
      origin: originOf(request),
      now,
      newId,
      hashPassword: (password) => hashPassword(env, password),
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refused(error.failure);
  }
}

async function readBody<S extends v.GenericSchema>(
  { env, request }: RequestContext,
  schema: S,
): Promise<v.InferOutput<S>> {
  const parsed = parseJson(await readBytes(request, ['application/json'], false));
  return withCommonPasswords(env, () => decode(schema, parsed, 'body'));
}

function refused(failure: Failure): Response {
  if (failure.kind === 'invalid') {
    const errors = failure.issues.map(({ field, message }) => ({ field, message }));
    return jsonResponse({ message: 'The request is not valid.', code: 'VALIDATION_FAILED', errors }, 400);
  }
  if (failure.kind === 'rate_limited') return tooManyRequestsJson(failure.retryAfterSeconds);
  if (failure.kind === 'changed_meanwhile') return error(409, 'CONFLICT', 'Try again.');
  if (failure.kind === 'media_type') return error(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send JSON.');
  if (failure.kind === 'too_large') return error(413, 'PAYLOAD_TOO_LARGE', 'The body is too large.');
  return error(400, 'VALIDATION_FAILED', 'The body is not JSON in UTF-8.');
}

function error(status: number, code: string, message: string): Response {
  return jsonResponse({ message, code }, status);
}
