import { newClientSecret } from '../../auth/secrets/client-secret.ts';
import { hashPassword } from '../../auth/secrets/password.ts';
import { newWebhookToken } from '../../auth/secrets/webhook-token.ts';
import type { CallerContext, Idempotency } from '../../db/sql/caller-context.ts';
import type { Access } from '../../model/clients/scope.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import { readAsset } from '../assets.ts';
import { requestCountsOf } from '../metrics/record.ts';
import type { RequestContext } from '../request-context.ts';
import { signInCryptoOf } from './proofs.ts';

export function openCallerContext(
  context: RequestContext,
  actor: Actor,
  scope: Access,
  idempotency: Idempotency | null,
): CallerContext {
  const { env, db, requestId, origin, now, clock, newId } = context;
  return {
    ...signInCryptoOf(env),
    db,
    actor,
    budgets: env.budgets,
    scope,
    requestId,
    origin,
    now,
    clock,
    newId,
    hashPassword: (password) => hashPassword(env, password),
    newToken: newWebhookToken,
    newSecret: newClientSecret,
    tokenOverlapMs: env.tokenOverlapMs,
    addressRules: env.addressRules,
    blobs: env.blobs,
    asset: (path) => readAsset(env, path),
    idempotency,
    requestCounts: requestCountsOf(env, now),
    eventIds: [],
    emailIds: [],
    tasks: [],
  };
}
