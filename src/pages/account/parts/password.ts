import { escapeHtml } from '../../../html/escape.ts';
import { PASSWORD_MAX_CHARS } from '../../../model/limits/index.ts';
import { complaint, field, form } from '../../parts.ts';
import { type AccountView, problemWith } from '../view.ts';

export function passwordPart({ account, texts, problem }: AccountView): string {
  if (!account.hasPassword) return '';
  const wrong = { current: problemWith(problem, 'current'), next: problemWith(problem, 'next') };
  const fields = [
    // Password managers store the password under this name.
    `<input type="text" name="username" autocomplete="username" value="${escapeHtml(account.user.email)}" hidden>`,
    field({
      name: 'current',
      label: texts.currentPassword,
      type: 'password',
      maxChars: PASSWORD_MAX_CHARS,
      focused: wrong.current !== null,
      wrong: wrong.current !== null,
      attributes: 'autocomplete="current-password"',
    }),
    complaint('current', wrong.current),
    field({
      name: 'next',
      label: texts.newPassword,
      type: 'password',
      hint: texts.passwordRule,
      maxChars: PASSWORD_MAX_CHARS,
      focused: wrong.next !== null,
      wrong: wrong.next !== null,
      attributes: 'autocomplete="new-password"',
    }),
    complaint('next', wrong.next),
  ].join('\n');
  const open = wrong.current !== null || wrong.next !== null ? ' open' : '';
  return `<section>
<h2>${texts.password}</h2>
<details${open}>
<summary>${texts.changePassword}</summary>
<p>${texts.passwordEffect}</p>
${form({ action: '/account/password', fields, submit: texts.changePassword })}
</details>
</section>`;
}
