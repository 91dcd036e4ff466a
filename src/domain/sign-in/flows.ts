import { type Browser, findFlow, insertFlow } from '../../db/sign-in/flows.ts';
import type { RequestedTenant } from '../../db/sign-in/lookup.ts';
import type { Goal, SignInFlow } from '../../model/sign-in/flow.ts';
import { refuseIfBlocked } from '../usage/rate-limited.ts';
import type { AnonymousContext } from './anonymous-context.ts';

export { findFlow, recordSecrets, takeSecrets } from '../../db/sign-in/flows.ts';

/** A flow to tokens of an unknown reseller leads nowhere. */
export function tenantOfFlow({ goal, resellerId }: Pick<SignInFlow, 'goal' | 'resellerId'>): RequestedTenant {
  return { resellerId: goal.kind === 'tokens' ? (resellerId ?? '') : resellerId, nameKey: null };
}

/** Only this browser can continue the flow. */
export async function beginFlow(
  { db, origin, now, newId }: Pick<AnonymousContext, 'db' | 'origin' | 'now' | 'newId'>,
  { browserHash }: Pick<Browser, 'browserHash'>,
  { goal, resellerId }: { readonly goal: Goal; readonly resellerId: string | null },
): Promise<string> {
  const id = newId();
  refuseIfBlocked(await insertFlow(db, { browserHash, now }, { id, goal, resellerId, network: origin.address }));
  return id;
}

/** Null if the flow is finished. */
export async function findOpenFlow(
  { db, now }: Pick<AnonymousContext, 'db' | 'now'>,
  { browserHash }: Pick<Browser, 'browserHash'>,
  id: string,
): ReturnType<typeof findFlow> {
  const found = await findFlow(db, { browserHash, now }, id);
  return found?.flow.finishedAt === null ? found : null;
}
