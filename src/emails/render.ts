import type { Branding } from '../model/branding.ts';
import type { MailContent, RenderedMail } from '../model/email.ts';
import type { Language } from '../model/language.ts';
import { compose } from './compose.ts';
import { htmlOf } from './html.ts';
import { lookOf } from './look.ts';
import { STRINGS } from './strings/index.ts';
import { textOf } from './text.ts';

/** A mail in words and in one look. Both bodies say the same; names and addresses in it may hold any text. */
export function renderMail(content: MailContent, language: Language, branding: Branding): RenderedMail {
  const look = lookOf(branding);
  const strings = STRINGS[language];
  const letter = compose(content, strings, language, look.product);
  return {
    subject: letter.subject,
    text: textOf(letter, look, strings.help),
    html: htmlOf(letter, look, strings.help, language),
  };
}
