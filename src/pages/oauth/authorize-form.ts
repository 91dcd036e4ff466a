import { FORM, readBytes } from '../../http/body.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { Refusal } from '../../model/failure.ts';
import { AUTHORIZATION_MAX_CHARS } from '../../model/limits/index.ts';
import { seeOther } from '../redirect.ts';
import { authorizePath } from './read-authorization.ts';
import { untrustedClientPage } from './stranger-page.ts';

/** OpenID Connect Core 1.0 §3.1.2.1. A cross-site form arrives without cookies; the GET that follows has them. */
export async function authorizeForm(context: RequestContext): Promise<Response> {
  const query = await readQuery(context.request);
  return query === null || query.length > AUTHORIZATION_MAX_CHARS
    ? untrustedClientPage(context)
    : seeOther(authorizePath({ query }));
}

async function readQuery(request: Request): Promise<string | null> {
  try {
    return new URLSearchParams(new TextDecoder().decode(await readBytes(request, [FORM], false))).toString();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
