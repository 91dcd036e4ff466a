import type { ConsentView } from '../../../domain/clients/consents.ts';
import { escapeHtml } from '../../../html/escape.ts';
import { wordsFor } from '../../oauth/texts/index.ts';
import { form, hidden } from '../../parts.ts';
import { formatTime } from '../format-time.ts';
import type { AccountView } from '../view.ts';

export function consentsPart(view: AccountView): string {
  const { account, texts } = view;
  if (account.consents.length === 0) return '';
  return `<section>
<h2>${texts.consents}</h2>
<p>${texts.consentsText}</p>
<ul class="items">
${account.consents.map((consent) => item(view, consent)).join('\n')}
</ul>
</section>`;
}

function item({ texts, language }: AccountView, { id, clientName, scopes, grantedAt }: ConsentView): string {
  const name = clientName ?? texts.otherApplication;
  const rights = scopes.map((scope) => escapeHtml(wordsFor(language, scope))).join(' · ');
  const label = `${texts.withdraw}: ${name}`;
  return `<li>
<div><strong><bdi>${escapeHtml(name)}</bdi></strong>
<p class="hint">${rights}, ${texts.granted(formatTime(language, grantedAt))}</p></div>
${form({ action: '/account/consents/withdraw', fields: hidden('id', id), submit: texts.withdraw, main: false, label })}
</li>`;
}
