import { newClientSecret } from '../auth/client-secret.ts';
import { hashPassword } from '../auth/password.ts';
import { newWebhookToken } from '../auth/webhook-token.ts';
import type { Call, Keeping } from '../db/call.ts';
import type { Actor } from '../model/actor.ts';
import type { Access } from '../model/scope.ts';
import { readAsset } from './assets.ts';
import type { Exchange } from './exchange.ts';
import { proofsOf } from './proofs.ts';
import { requestCountsOf } from './record.ts';

/** The request as the domain sees it. */
export function openCall(exchange: Exchange, actor: Actor, scope: Access, keeping: Keeping | null): Call {
  const { env, session, requestId, origin, now, clock, newId } = exchange;
  return {
    ...proofsOf(env),
    session,
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
    keeping,
    requestCounts: requestCountsOf(env, now),
    raised: [],
    mails: [],
    wakes: [],
  };
}
