import { oneLine } from '../html/clean-text.ts';
import { displayBranding } from '../html/display-branding.ts';
import { SUPPORT_LEAD } from '../html/support.ts';
import type { EmailContent, RenderedEmail } from '../model/emails/email.ts';
import type { Language } from '../model/language.ts';
import type { Branding } from '../model/resellers/branding.ts';
import { compose } from './compose.ts';
import { htmlOf } from './html.ts';
import { STRINGS } from './strings/index.ts';
import { textOf } from './text.ts';

/** Content and branding may hold any text. */
export function renderEmail(
  content: EmailContent,
  language: Language,
  branding: Branding,
  operator: string,
): RenderedEmail {
  const display = displayBranding(branding);
  const strings = STRINGS[language];
  const letter = compose(content, strings, language, display.product);
  const footer = {
    help: SUPPORT_LEAD[language],
    sentBy: strings.sentBy(oneLine(operator), oneLine(branding.tenantName)),
  };
  return {
    subject: letter.subject,
    text: textOf(letter, display, footer),
    html: htmlOf(letter, display, footer, language),
  };
}
