import { type Browser, findFlow, insertFlow } from '../../db/sign-in/flows.ts';
import type { Tenant } from '../../db/sign-in/lookup.ts';
import type { Goal, SignInFlow } from '../../model/sign-in/flow.ts';
import { refuseTooOften } from '../usage/rate-limited.ts';
import type { AnonymousContext } from './anonymous-context.ts';

export { findFlow, recordSecrets, takeSecrets } from '../../db/sign-in/flows.ts';

/** Where a flow leads: to its reseller or the user's own; one to tokens of a reseller that is not there leads nowhere. */
export function tenantOf({ goal, resellerId }: Pick<SignInFlow, 'goal' | 'resellerId'>): Tenant {
  return { resellerId: goal.kind === 'tokens' ? (resellerId ?? '') : resellerId, nameKey: null };
}

/** Begins a sign-in in a browser. Gives its id, by which only this browser can go on. Refuses `rate_limited`. */
export async function beginFlow(
  { db, origin, now, newId }: Pick<AnonymousContext, 'db' | 'origin' | 'now' | 'newId'>,
  { browserHash }: Pick<Browser, 'browserHash'>,
  { goal, resellerId }: { readonly goal: Goal; readonly resellerId: string | null },
): Promise<string> {
  const id = newId();
  refuseTooOften(await insertFlow(db, { browserHash, now }, { id, goal, resellerId, network: origin.address }));
  return id;
}

/** A flow of the browser that is still on its way; null where it is over. */
export async function openFlow(
  { db, now }: Pick<AnonymousContext, 'db' | 'now'>,
  { browserHash }: Pick<Browser, 'browserHash'>,
  id: string,
): ReturnType<typeof findFlow> {
  const found = await findFlow(db, { browserHash, now }, id);
  return found?.flow.finishedAt === null ? found : null;
}
