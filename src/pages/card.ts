import type { Language } from '../model/language.ts';

type Card = {
  readonly language: Language;
  readonly title: string;
  readonly head: string;
  readonly content: string;
};

/** `head` and `content` are HTML. */
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
