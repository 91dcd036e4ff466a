import type { AuthorizingClient } from '../../domain/sessions/authorize.ts';
import { escapeHtml } from '../../html/escape.ts';
import { resellerOfBrowser } from '../../http/callers/browser.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { redirectLabel } from '../../model/clients/redirect-uri.ts';
import { acceptedLanguage } from '../accept-language.ts';
import { brandedPage } from '../branded.ts';
import { link } from '../parts.ts';
import { type AuthorizationFault, errorParameters } from './authorization-fault.ts';
import { faultUrl, type RedirectTarget, redirectWithFault } from './authorization-reply.ts';
import { CONSENT_TEXTS } from './texts/index.ts';

type TenantClient = Pick<AuthorizingClient, 'resellerId'>;

/**
 * Tenants register redirect URIs, so a link must not redirect there at once (RFC 9700 §4.11.2). Exceptions are users
 * of the client's reseller, and frames, in which clients renew sessions silently.
 */
export async function answerFault(
  context: RequestContext,
  client: TenantClient,
  to: RedirectTarget,
  fault: AuthorizationFault,
): Promise<Response> {
  const { publicUrl } = context.env;
  return (await isTrusted(context, client)) ? redirectWithFault(publicUrl, to, fault) : faultPage(context, to, fault);
}

async function isTrusted(context: RequestContext, { resellerId }: TenantClient): Promise<boolean> {
  if (context.request.headers.get('Sec-Fetch-Dest') === 'iframe') return true;
  return resellerId !== null && (await resellerOfBrowser(context)) === resellerId;
}

function faultPage({ env, request }: RequestContext, to: RedirectTarget, fault: AuthorizationFault): Promise<Response> {
  const language = acceptedLanguage(request.headers.get('Accept-Language'));
  const { faultHeading: title, faultText, goOn } = CONSENT_TEXTS[language];
  const destination = redirectLabel(to.redirectUri);
  const [error] = errorParameters(fault);
  const main = `<main id="view">
<h1>${title}</h1>
<p>${escapeHtml(faultText(destination))}</p>
<p class="hint">${escapeHtml(error)}</p>
<p>${link(faultUrl(env.publicUrl, to, fault), goOn(destination), 'button')}</p>
</main>`;
  const head = '<link rel="stylesheet" href="/pages/sign-in.css">\n';
  return brandedPage({ language, title, head, main, branding: null, status: 400 });
}
