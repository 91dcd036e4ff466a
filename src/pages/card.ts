import type { Language } from '../model/language.ts';

type Card = {
  readonly language: Language;
  readonly title: string;
  /** What this page has in its head beside the styles of all. */
  readonly head: string;
  readonly content: string;
};

/** A page of one card, in the look that all pages behind the links of mails share. `head` and `content` are HTML. */
export function card({ language, title, head, content }: Card): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="/pages/activate.css">
<link rel="stylesheet" href="/pages/form.css">
${head}
</head>
<body>
<div class="card">
${content}
</div>
</body>
</html>
`;
}
