import type { OwnPasskey } from '../../../domain/factors/own-passkeys.ts';
import { escapeHtml } from '../../../html/escape.ts';
import { PASSKEY_NAME_MAX_CHARS, PASSKEYS_MAX } from '../../../model/limits/index.ts';
import { field, form, hidden } from '../../parts.ts';
import { passkeyPanel } from '../../passkey-panel.ts';
import { SIGN_IN_TEXTS } from '../../sign-in/texts/index.ts';
import { formatTime } from '../format-time.ts';
import type { AccountView } from '../view.ts';

export function passkeysPart(view: AccountView): string {
  const { account, texts, fresh } = view;
  const items = account.passkeys.map((passkey) => item(view, passkey)).join('\n');
  const adding = fresh
    ? panel(view)
    : form({ action: '/account/again', fields: '', submit: texts.passkeyAgain, main: false });
  return `<section>
<h2>${texts.passkeys}</h2>
<p>${texts.passkeysText}</p>
${items === '' ? '' : `<ul class="items">\n${items}\n</ul>`}
${account.passkeys.length < PASSKEYS_MAX ? adding : ''}
</section>`;
}

function item({ texts, language }: AccountView, { id, name, createdAt, usedAt }: OwnPasskey): string {
  const used = usedAt === null ? texts.neverUsed : texts.used(formatTime(language, usedAt));
  const label = `${texts.remove}: ${name}`;
  return `<li>
<div><strong><bdi>${escapeHtml(name)}</bdi></strong>
<p class="hint">${texts.added(formatTime(language, createdAt))}, ${used}</p></div>
${form({ action: '/account/passkeys/remove', fields: hidden('id', id), submit: texts.remove, main: false, label })}
</li>`;
}

function panel({ texts, language }: AccountView): string {
  const { problems } = SIGN_IN_TEXTS[language];
  return passkeyPanel({
    purpose: 'add',
    optionsUrl: '/account/passkeys/options',
    url: '/account/passkeys',
    label: texts.passkeyAdd,
    problems: { ...problems, refused: texts.passkeyRefused, known: texts.passkeyKnown },
    fields: field({
      name: 'name',
      label: texts.passkeyName,
      hint: texts.passkeyNameHint,
      maxChars: PASSKEY_NAME_MAX_CHARS,
      attributes: 'autocomplete="off"',
    }),
  });
}
