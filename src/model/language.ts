export const LANGUAGES = ['en', 'de', 'ja', 'fr', 'es'] as const;

export type Language = (typeof LANGUAGES)[number];
