import { sha256 } from '../auth/digest.ts';
import { issueToken } from '../auth/issue.ts';
import { checkPassword, hashPassword } from '../auth/password.ts';
import { randomText } from '../auth/random.ts';
import { recoveryCodeHash } from '../auth/recovery-codes.ts';
import { seal, unseal } from '../auth/seal.ts';
import { matchingStep } from '../auth/totp.ts';
import type { Visitor } from '../domain/visitor.ts';
import { ACCESS_TOKEN_SECONDS, OPAQUE_TOKEN_BYTES, USER_AGENT_MAX_CHARS } from '../model/limits.ts';
import { addressOf } from './address.ts';
import type { Exchange } from './exchange.ts';

/** The request of somebody who comes without a credential, as the domain sees it. */
export function openVisitor(exchange: Exchange): Visitor {
  const { env, request, session, requestId, now, newId } = exchange;
  const userAgent = (request.headers.get('User-Agent') ?? '').slice(0, USER_AGENT_MAX_CHARS);
  return {
    session,
    requestId,
    now,
    newId,
    origin: { address: addressOf(request), userAgent },
    hashPassword: (password) => hashPassword(env, password),
    checkPassword: (password, hash) => checkPassword(env, password, hash),
    seal: (text) => seal(env, text),
    unseal: (text) => unseal(env, text),
    matchingStep,
    recoveryCodeHash,
    newOpaqueToken: async () => {
      const token = randomText(OPAQUE_TOKEN_BYTES);
      return { token, tokenHash: await sha256(token) };
    },
    opaqueTokenHash: sha256,
    issueToken: (grant) => issueToken(env, grant, now, newId()),
    accessTokenSeconds: ACCESS_TOKEN_SECONDS,
    raised: [],
    mails: [],
  };
}
