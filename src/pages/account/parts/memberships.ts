import type { OwnMembership } from '../../../domain/users/own-memberships.ts';
import { escapeHtml } from '../../../html/escape.ts';
import { roleLabels } from '../../../html/role-labels.ts';
import { displayableName } from '../../../model/users/displayable-name.ts';
import { form, hidden } from '../../parts.ts';
import { formatTime } from '../format-time.ts';
import type { AccountView } from '../view.ts';
import { MEMBERSHIP_TEXTS } from './membership-texts.ts';

export function membershipsPart(view: AccountView): string {
  const { memberships } = view.account;
  const texts = MEMBERSHIP_TEXTS[view.language];
  const invited = memberships.some(({ state }) => state === 'pending');
  const accepted = memberships.filter(({ state }) => state !== 'pending');
  const only = accepted.length === 1 && accepted[0]?.primary ? accepted[0] : null;
  return `<section>
<h2>${texts.heading}</h2>
<p>${texts.text}</p>
<ul class="items">
${memberships.map((membership) => item(view, membership, membership === only)).join('\n')}
</ul>${invited ? `\n<p class="hint">${texts.declineEffect}</p>` : ''}
</section>`;
}

/** `only`: the account ends with this membership. */
function item({ language, texts: { since } }: AccountView, membership: OwnMembership, only: boolean): string {
  const { resellerName, roles, state, primary, createdAt } = membership;
  const texts = MEMBERSHIP_TEXTS[language];
  const name = displayableName(resellerName);
  const mark = state ? texts[state] : primary ? texts.primary : null;
  const rights = roles.length === 0 ? '' : `\n<p class="hint">${escapeHtml(roleLabels(roles, language))}</p>`;
  const press = (action: 'accept' | 'decline' | 'leave') => button(membership, action, texts[action], name);
  const answers = `<div class="answers">\n${press('accept')}\n${press('decline')}\n</div>`;
  const leave = `<details>\n<summary>${texts.leave}</summary>\n<p>${texts.leaveText}</p>\n${press('leave')}\n</details>`;
  const end = state === 'pending' ? answers : only ? `<p class="hint">${texts.lastMembership}</p>` : leave;
  return `<li>
<div><strong><bdi>${escapeHtml(name)}</bdi></strong>${mark === null ? '' : ` <span class="mark">${mark}</span>`}${rights}
<p class="hint">${since(formatTime(language, createdAt))}</p></div>
${end}
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
