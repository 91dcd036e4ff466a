import type { Language } from '../model/language.ts';

/** Stands before a reseller's support address. */
export const SUPPORT_LEAD: Readonly<Record<Language, string>> = {
  en: 'Questions? We are happy to help: ',
  de: 'Fragen? Wir helfen Ihnen gern: ',
  fr: 'Une question\u202f? Nous sommes là pour vous aider\u00a0: ',
  es: '¿Tiene alguna pregunta? Le ayudamos con gusto: ',
  ja: 'ご不明な点はお気軽にお問い合わせください：',
};
