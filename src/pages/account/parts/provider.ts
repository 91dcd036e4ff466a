import { escapeHtml } from '../../../html/escape.ts';
import { form } from '../../parts.ts';
import type { AccountView } from '../view.ts';

export function providerPart({ account, texts, provider }: AccountView): string {
  const { user, unlinked } = account;
  if (provider === null || !(user.googleSsoEnabled || unlinked)) return '';
  const name = escapeHtml(provider);
  const [text, action, submit] = user.googleSsoEnabled
    ? ([texts.providerText(name), 'unlink', texts.providerUnlink] as const)
    : ([texts.providerUnlinkedText(name), 'allow', texts.providerAllow] as const);
  return `<section>
<h2>${name}</h2>
<p>${text}</p>
${form({ action: `/account/provider/${action}`, fields: '', submit, main: false, label: `${submit}: ${provider}` })}
</section>`;
}
