import type { NewTotpSecret } from '../../domain/factors/totp.ts';
import { complaint, form, hidden, link } from '../parts.ts';
import { qrSvg } from '../qr.ts';
import { type SignInVisit, signInPage } from '../sign-in/sign-in-page.ts';
import { SIGN_IN_TEXTS } from '../sign-in/texts/index.ts';
import { codeField } from './parts/app.ts';
import { ACCOUNT_TEXTS } from './texts/index.ts';

export function setUpPage(
  visit: SignInVisit,
  { secret, otpauthUri }: NewTotpSecret,
  wrong: string | null,
): Promise<Response> {
  const texts = ACCOUNT_TEXTS[visit.language];
  const { code, codeHint } = SIGN_IN_TEXTS[visit.language];
  const fields = [
    hidden('secret', secret),
    codeField('code', code, wrong !== null, codeHint),
    complaint('code', wrong),
  ].join('\n');
  return signInPage(visit, {
    account: true,
    title: texts.appSetUp,
    status: wrong === null ? 200 : 400,
    main: `<h1>${texts.appSetUp}</h1>
<p>${texts.appScan}</p>
<div class="picture">${qrSvg(otpauthUri)}</div>
<p>${texts.appSecret}<br><code class="secret">${grouped(secret)}</code></p>
${form({ action: '/account/app/enable', fields, submit: texts.appEnable })}
<p class="aside">${link('/account', texts.back)}</p>`,
  });
}

/** `done`: the notice of a change; null for none. */
export function codesPage(visit: SignInVisit, codes: readonly string[], done: string | null = null): Promise<Response> {
  const texts = ACCOUNT_TEXTS[visit.language];
  const items = codes.map((code) => `<li><code>${code}</code></li>`).join('\n');
  return signInPage(visit, {
    account: true,
    title: texts.codes,
    main: `<h1>${texts.codes}</h1>
${done === null ? '' : `<p class="done" role="status">${done}</p>`}
<p>${texts.codesShown}</p>
<ol class="codes">
${items}
</ol>
${link('/account', texts.back, 'button')}`,
  });
}

/** In groups of four letters. */
function grouped(secret: string): string {
  return secret.replace(/.{4}(?=.)/g, '$& ');
}
