import type { DisplayBranding } from '../html/display-branding.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Language } from '../model/language.ts';
import type { Block, EmailFooter, Letter } from './letter.ts';
import { DARK, STYLE } from './style.ts';

const TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"';

/** Tables: every mail program lays them out. */
export function htmlOf(
  { subject, preview, title, blocks }: Letter,
  branding: DisplayBranding,
  footerTexts: EmailFooter,
  language: Language,
) {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<meta name="x-apple-disable-message-reformatting">
<title>${escapeHtml(subject)}</title>
<style>${DARK}</style>
</head>
<body class="page" style="${STYLE.page}">
<div style="${STYLE.preview}">${escapeHtml(preview)}</div>
${TABLE} class="page" style="${STYLE.ground}">
<tr><td align="center" style="${STYLE.margin}">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0" style="${STYLE.column}">
<tr><td class="name" style="${STYLE.name}">${header(branding)}</td></tr>
<tr><td bgcolor="${branding.color}" style="${STYLE.stripe}background:${branding.color}">&nbsp;</td></tr>
<tr><td class="card" style="${STYLE.card}">
<h1 style="${STYLE.title}">${escapeHtml(title)}</h1>
${blocks.map((block) => blockHtml(block, branding)).join('\n')}
</td></tr>
<tr><td class="faint" style="${STYLE.footer}">${footer(branding, footerTexts)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function header({ product, logoUrl }: DisplayBranding): string {
  const name = escapeHtml(product);
  if (logoUrl === null) return name;
  return `<img class="logo" src="${escapeHtml(logoUrl)}" alt="${name}" height="40" style="${STYLE.logo}">`;
}

function blockHtml(block: Block, branding: DisplayBranding): string {
  switch (block.kind) {
    case 'words':
      return `<p style="${STYLE.words}">${escapeHtml(block.text)}</p>`;
    case 'label':
      return `<p class="faint" style="${STYLE.kicker}">${escapeHtml(block.text)}</p>`;
    case 'lines':
      return `<p style="${STYLE.lines}">${block.lines.map(escapeHtml).join('<br>')}</p>`;
    case 'facts':
      return `${TABLE} style="${STYLE.facts}">\n${block.facts.map(factHtml).join('\n')}\n</table>`;
    case 'button':
      return buttonHtml(block, branding);
    case 'unsubscribe':
      return unsubscribeHtml(block);
  }
}

function factHtml({ label, value }: { readonly label: string; readonly value: string }): string {
  return `<tr><td class="fact" style="${STYLE.fact}"><span class="faint" style="${STYLE.label}">${escapeHtml(label)}</span><br>${escapeHtml(value)}</td></tr>`;
}

function buttonHtml(
  { label, link, copy }: Extract<Block, { kind: 'button' }>,
  { color, onColor }: DisplayBranding,
): string {
  const href = escapeHtml(link);
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="${STYLE.buttonBox}">
<tr><td bgcolor="${color}" style="${STYLE.button}background:${color}"><a href="${href}" style="${STYLE.buttonLink}color:${onColor}">${escapeHtml(label)}</a></td></tr>
</table>
<p class="faint" style="${STYLE.copy}">${escapeHtml(copy)}<br><a href="${href}" style="${STYLE.bareLink}">${href}</a></p>`;
}

function unsubscribeHtml({ reason, label, link }: Extract<Block, { kind: 'unsubscribe' }>): string {
  const anchor = `<a href="${escapeHtml(link)}" style="${STYLE.leave}">${escapeHtml(label)}</a>`;
  return `<p class="faint leave" style="${STYLE.reason}">${escapeHtml(reason)}<br>${anchor}</p>`;
}

function footer({ product, supportEmail }: DisplayBranding, { help, sentBy }: EmailFooter): string {
  const support = supportEmail === null ? [] : [escapeHtml(help) + mailto(supportEmail)];
  return [escapeHtml(product), ...support, escapeHtml(sentBy)].join('<br>');
}

function mailto(email: string): string {
  const address = `mailto:${encodeURIComponent(email).replace('%40', '@')}`;
  return `<a href="${escapeHtml(address)}" style="${STYLE.mailto}">${escapeHtml(email)}</a>`;
}
