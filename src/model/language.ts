/** The languages that mails and pages speak (contracts: reseller, Users of a customer). */
export const LANGUAGES = ['en', 'de', 'ja', 'fr', 'es'] as const;

export type Language = (typeof LANGUAGES)[number];
