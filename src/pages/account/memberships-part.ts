import type { OwnMembership } from '../../domain/own-memberships.ts';
import { escapeHtml } from '../../emails/escape.ts';
import { wordsFor } from '../../emails/strings/roles.ts';
import { shownName } from '../../model/shown-name.ts';
import { form, hidden } from '../parts.ts';
import { MEMBERSHIP_TEXTS } from './membership-texts.ts';
import type { AccountView } from './view.ts';
import { when } from './when.ts';

/** The part with the tenants that the person belongs to or is invited to. */
export function membershipsPart(view: AccountView): string {
  const { memberships } = view.account;
  const texts = MEMBERSHIP_TEXTS[view.language];
  const invited = memberships.some(({ pending }) => pending);
  return `<section>
<h2>${texts.heading}</h2>
<p>${texts.text}</p>
<ul class="items">
${memberships.map((membership) => item(view, membership)).join('\n')}
</ul>${invited ? `\n<p class="hint">${texts.declineEffect}</p>` : ''}
</section>`;
}

function item({ language, texts: { since } }: AccountView, membership: OwnMembership): string {
  const { resellerName, roles, pending, primary, createdAt } = membership;
  const texts = MEMBERSHIP_TEXTS[language];
  const name = shownName(resellerName);
  const mark = pending ? texts.pending : primary ? texts.primary : null;
  const rights = roles.length === 0 ? '' : `\n<p class="hint">${escapeHtml(wordsFor(roles, language))}</p>`;
  const buttons = pending
    ? [button(membership, 'accept', texts.accept, name), button(membership, 'decline', texts.decline, name)]
    : [button(membership, 'leave', texts.leave, name)];
  return `<li>
<div><strong><bdi>${escapeHtml(name)}</bdi></strong>${mark === null ? '' : ` <span class="mark">${mark}</span>`}${rights}
<p class="hint">${since(when(language, createdAt))}</p></div>
${buttons.join('\n')}
</li>`;
}

function button({ resellerId }: OwnMembership, action: 'accept' | 'decline' | 'leave', submit: string, name: string) {
  const fields = hidden('id', resellerId);
  return form({
    action: `/account/memberships/${action}`,
    fields,
    submit,
    main: false,
    label: `${submit}: ${name}`,
  });
}
