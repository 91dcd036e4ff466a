import type { RequestContext } from '../../http/request-context.ts';
import { acceptedLanguage } from '../accept-language.ts';
import { brandedPage } from '../branded.ts';
import { CONSENT_TEXTS } from './texts/index.ts';

/** Unknown client or redirect URI: no redirect (RFC 6749 §4.1.2.1). */
export function untrustedClientPage({ request }: Pick<RequestContext, 'request'>): Promise<Response> {
  const language = acceptedLanguage(request.headers.get('Accept-Language'));
  const { strangerHeading: title, strangerText } = CONSENT_TEXTS[language];
  const main = `<main id="view">\n<h1>${title}</h1>\n<p>${strangerText}</p>\n</main>`;
  return brandedPage({ language, title, main, branding: null, status: 400 });
}
