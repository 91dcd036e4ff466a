import { escapeHtml } from '../../emails/escape.ts';
import { form } from '../parts.ts';
import type { AccountView } from './view.ts';

/** The part about the account at the outside provider, for whoever has one linked. */
export function providerPart({ account, texts, provider }: AccountView): string {
  if (provider === null || !account.user.googleSsoEnabled) return '';
  const name = escapeHtml(provider);
  return `<section>
<h2>${name}</h2>
<p>${texts.providerText(name)}</p>
${form({ action: '/account/provider/unlink', fields: '', submit: texts.providerUnlink, main: false, label: `${texts.providerUnlink}: ${provider}` })}
</section>`;
}
