const FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Hiragino Sans',Meiryo,Helvetica,Arial,sans-serif;";
const BREAK = 'overflow-wrap:anywhere;word-break:break-word;';
const BODY = `${FONT}font-size:16px;line-height:1.55;`;
const SMALL = `${FONT}font-size:14px;line-height:1.55;`;
const INK = 'color:#1f2430;';
const FAINT = 'color:#565d6b;';

/** Inline, as some mail programs drop style sheets; Outlook's cells inherit no font. Styles before a colour end in `;`. */
export const STYLE = {
  page: 'margin:0;padding:0;background:#f1f3f5',
  preview: 'display:none;max-height:0;overflow:hidden;mso-hide:all',
  ground: 'background:#f1f3f5',
  margin: 'padding:32px 12px',
  column: `width:100%;max-width:560px;table-layout:fixed;text-align:left;${BREAK}`,
  name: `padding:0 4px 16px;${INK}${FONT}font-size:18px;line-height:1.3;font-weight:600`,
  logo: 'display:inline-block;vertical-align:top;border:0;height:40px;width:auto;max-width:100%;object-fit:contain;object-position:left',
  stripe: 'height:4px;line-height:4px;font-size:0;border-radius:8px 8px 0 0;',
  card: `padding:28px 24px 16px;background:#ffffff;${INK}${BODY}border-radius:0 0 8px 8px`,
  title: 'margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600',
  words: 'margin:0 0 16px',
  kicker: `margin:-8px 0 20px;${FAINT}${SMALL}`,
  lines: 'margin:0 0 24px;white-space:pre-wrap',
  reason: `margin:0 0 12px;padding:16px 0 0;border-top:1px solid #d5d9e0;${FAINT}${SMALL}`,
  leave: 'color:inherit;text-decoration:underline',
  buttonBox: 'margin:24px 0 16px',
  button: 'border:1px solid rgba(128,128,128,.5);border-radius:6px;',
  buttonLink: `display:inline-block;padding:12px 24px;${BODY}font-weight:600;text-align:center;text-decoration:none;`,
  copy: `margin:0 0 24px;${FAINT}${SMALL}`,
  bareLink: 'color:inherit;text-decoration:underline;word-break:break-all',
  facts: 'table-layout:fixed;margin:0 0 20px',
  fact: `padding:8px 0 8px 14px;border-left:3px solid #d5d9e0;${INK}${BODY}`,
  label: `${FAINT}font-size:14px`,
  footer: `padding:16px 4px 0;${FAINT}${SMALL}`,
  mailto: 'color:inherit;text-decoration:underline',
} as const;

/** Logos keep a light ground. */
export const DARK = `
:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.page{background:#111418 !important}
.card{background:#1c2128 !important}
.card,.name,.fact{color:#e6e9ee !important}
.faint{color:#a9b1bd !important}
.fact,.leave{border-color:#3a424d !important}
.logo{background:#ffffff !important;color:#1f2430 !important;padding:6px 10px;border-radius:6px}
}
`;
