import { hashPassword } from '../../auth/secrets/password.ts';
import { issueToken } from '../../auth/tokens/issue.ts';
import type { Visitor } from '../../domain/sign-in/visitor.ts';
import { ACCESS_TOKEN_SECONDS } from '../../model/limits/index.ts';
import type { Exchange } from '../exchange.ts';
import { devicesOf } from './devices.ts';
import { proofsOf } from './proofs.ts';

/** The request of somebody who comes without a credential, as the domain sees it. */
export function openVisitor(exchange: Exchange): Visitor {
  const { env, session, requestId, origin, now, newId } = exchange;
  return {
    ...proofsOf(env),
    session,
    budgets: env.budgets,
    requestId,
    now,
    newId,
    origin,
    devices: () => devicesOf(exchange),
    hashPassword: (password) => hashPassword(env, password),
    issueToken: (grant) => issueToken(env, grant, now, newId()),
    idleMs: env.idleMs,
    accessTokenSeconds: ACCESS_TOKEN_SECONDS,
    raised: [],
    mails: [],
    unhurried: [],
  };
}
