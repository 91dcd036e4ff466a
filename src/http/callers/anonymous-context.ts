import { hashPassword } from '../../auth/secrets/password.ts';
import { issueToken } from '../../auth/tokens/issue.ts';
import type { AnonymousContext } from '../../domain/sign-in/anonymous-context.ts';
import { ACCESS_TOKEN_SECONDS } from '../../model/limits/index.ts';
import type { RequestContext } from '../request-context.ts';
import { readDevices } from './devices.ts';
import { signInCryptoOf } from './proofs.ts';

export function openAnonymousContext(context: RequestContext): AnonymousContext {
  const { env, db, requestId, origin, now, newId } = context;
  return {
    ...signInCryptoOf(env),
    db,
    budgets: env.budgets,
    requestId,
    now,
    newId,
    origin,
    devices: () => readDevices(context),
    hashPassword: (password) => hashPassword(env, password),
    issueToken: (grant) => issueToken(env, grant, now, newId()),
    idleMs: env.idleMs,
    accessTokenSeconds: ACCESS_TOKEN_SECONDS,
    eventIds: [],
    emailIds: [],
    pendingEmailIds: [],
  };
}
