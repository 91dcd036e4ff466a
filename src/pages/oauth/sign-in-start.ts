import * as v from 'valibot';
import { findFlow } from '../../domain/sign-in/flows.ts';
import { readOrCreateBrowser } from '../../http/callers/browser.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { Id } from '../../model/fields.ts';
import type { AuthorizationCodeRequest } from './authorization-request.ts';
import { authorizePath } from './read-authorization.ts';

/** Start of the finished sign-in (`flow` in the query) that this request led to; null if there was none. */
export async function findSignInStart(
  context: RequestContext,
  request: AuthorizationCodeRequest,
): Promise<number | null> {
  const { db, now, url } = context;
  const id = url.searchParams.get('flow');
  if (!v.is(Id, id)) return null;
  const { browserHash } = await readOrCreateBrowser(context);
  const found = await findFlow(db, { browserHash, now }, id);
  if (found === null) return null;
  const { goal, createdAt, finishedAt } = found.flow;
  const same = goal.kind === 'page' && goal.path === authorizePath(request);
  return same && finishedAt !== null ? createdAt : null;
}
