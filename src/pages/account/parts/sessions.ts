import type { SessionView } from '../../../domain/sessions/sessions.ts';
import { escapeHtml } from '../../../html/escape.ts';
import { form, hidden } from '../../parts.ts';
import { deviceOf } from '../device.ts';
import { formatTime } from '../format-time.ts';
import type { AccountView } from '../view.ts';

export function sessionsPart(view: AccountView): string {
  const { account, texts } = view;
  const all = [...account.sessions].sort((a, b) => Number(b.current) - Number(a.current));
  const others = all.some(({ current }) => !current);
  return `<section>
<h2>${texts.sessions}</h2>
<p>${texts.sessionsText}</p>
<ul class="items">
${all.map((session) => item(view, session)).join('\n')}
</ul>
${others ? form({ action: '/account/sessions/end-others', fields: '', submit: texts.endOthers, main: false }) : ''}
</section>`;
}

function item({ texts, language }: AccountView, session: SessionView): string {
  const { id, current, application, clientName, userAgent, address, createdAt } = session;
  const name = clientName ?? (application ? texts.otherApplication : deviceOf(userAgent));
  const where = address === '' ? '' : `<bdi>${escapeHtml(address)}</bdi>, `;
  const label = `${texts.end}: ${name}`;
  const end = form({
    action: '/account/sessions/end',
    fields: hidden('id', id),
    submit: texts.end,
    main: false,
    label,
  });
  return `<li>
<div><strong><bdi>${escapeHtml(name || '–')}</bdi></strong>${current ? ` <span class="mark">${texts.current}</span>` : ''}
<p class="hint">${where}${texts.since(formatTime(language, createdAt))}</p>${application ? `\n<p class="hint">${texts.client}</p>` : ''}</div>
${current ? '' : end}
</li>`;
}
