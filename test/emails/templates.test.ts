import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderEmail as render } from '../../src/emails/render.ts';
import { STRINGS } from '../../src/emails/strings/index.ts';
import { ROLE_LABELS } from '../../src/html/role-labels.ts';
import { EMAIL_TEMPLATES, type EmailContent, type EmailTemplate } from '../../src/model/emails/email.ts';
import { SEVERITIES } from '../../src/model/emails/status-update.ts';
import { LANGUAGES, type Language } from '../../src/model/language.ts';
import type { Branding } from '../../src/model/resellers/branding.ts';
import { ROLES } from '../../src/model/users/role.ts';

const link = 'https://portal.test/activate?from=mail&way=1#token=aZ0_-9~x.y%20z';
const unsubscribeLink = 'https://portal.test/unsubscribe/k1.aZ0_-9xyz';
const invitationLink = 'https://portal.test/invitation/k1.aZ0_-9xyz';
const subscribeLink = 'https://portal.test/subscribe/k1.aZ0_-9xyz';
const at = Date.UTC(2026, 5, 21, 14, 5);
const DATES: Record<Language, string> = {
  en: '21 June 2026 at 14:05 UTC',
  de: '21. Juni 2026 um 14:05 UTC',
  ja: '2026年6月21日 14:05 UTC',
  fr: '21 juin 2026 à 14:05 UTC',
  es: '21 de junio de 2026 a las 14:05 UTC',
};
const operator = 'Edge Hosting';
const branding: Branding = {
  tenantName: 'Qumulox Reselling Ltd',
  productName: 'Qumulox',
  primaryColor: '#0a7f5c',
  logoUrl: 'https://cdn.test/logo.png',
  supportEmail: 'care+desk@qumulox.test',
  senderName: 'Qumulox Team',
};
const plain: Branding = { ...branding, logoUrl: null, supportEmail: null };

const renderMail = (content: EmailContent, language: Language, look: Branding) =>
  render(content, language, look, operator);

const told = {
  template: 'status-update',
  title: 'Zone A: 503',
  body: 'Über 10 %.\n\n  1) A < B\n  2) "C"',
  severity: 'incident',
  publishedAt: at,
  unsubscribeLink,
} as const;

/** A mail's content where each text of others is `text`, or is something ordinary. */
function contentOf(template: EmailTemplate, text?: string): EmailContent {
  if (template === 'webhook-suspended') {
    const [webhookName, webhookUrl] = [text ?? 'Ordersync', text ?? 'https://hooks.test/in?a=1&b=2'];
    const webhookAddress = 'https://portal.test/v3/webhooks/7';
    return { template, webhookName, webhookUrl, webhookAddress, suspendedAt: at };
  }
  if (template === 'status-update') return { ...told, title: text ?? told.title };
  if (template === 'subscription-confirmation')
    return { template, email: text ?? 'zelda@mail.test', subscribeLink, unsubscribeLink };
  if (template === 'membership-invitation') {
    const names = {
      firstName: text ?? 'Zelda',
      email: text ?? 'zelda@mail.test',
      tenantName: text ?? branding.tenantName,
    };
    return { template, ...names, roles: ['account.user', 'webhooks.admin'], expiresAt: at, invitationLink };
  }
  if (template === 'security-notice') {
    const whence = {
      email: text ?? 'zelda@mail.test',
      address: text ?? '192.0.2.7',
      userAgent: text ?? 'Firefox/147.0',
    };
    const change = 'account.password-changed';
    return { template, change, firstName: text ?? 'Zelda', ...whence, changedAt: at, resetLink: link };
  }
  return { template, firstName: text ?? 'Zelda', email: text ?? 'zelda@mail.test', link, expiresAt: at };
}

const FACTS: Record<EmailTemplate, readonly string[]> = {
  activation: ['Zelda', 'zelda@mail.test', link],
  'password-reset': ['Zelda', 'zelda@mail.test', link],
  'webhook-suspended': [
    'Ordersync',
    'https://hooks.test/in?a=1&b=2',
    'PATCH https://portal.test/v3/webhooks/7 {"enabled": true}',
    'POST https://portal.test/v3/webhooks/7/recover',
  ],
  'status-update': ['Zone A: 503', 'Über 10 %.', '1) A < B', '2) "C"'],
  'subscription-confirmation': ['zelda@mail.test', subscribeLink],
  'membership-invitation': ['Zelda', 'zelda@mail.test', invitationLink],
  'security-notice': ['Zelda', 'zelda@mail.test', '192.0.2.7', 'Firefox/147.0', link],
};

/** What the subject names. */
const NAMED = {
  activation: 'Qumulox',
  'password-reset': 'Qumulox',
  'webhook-suspended': 'Ordersync',
  'status-update': 'Zone A',
  'subscription-confirmation': 'Qumulox',
  'membership-invitation': 'Qumulox Reselling Ltd',
  'security-notice': 'Qumulox',
};
/** Where the mail leads, beside its support address. */
const LINKS: Record<EmailTemplate, readonly string[]> = {
  activation: [link, link],
  'password-reset': [link, link],
  'webhook-suspended': [],
  'status-update': [unsubscribeLink],
  'subscription-confirmation': [subscribeLink, subscribeLink, unsubscribeLink],
  'membership-invitation': [invitationLink, invitationLink],
  'security-notice': [link, link],
};

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' };
const decode = (html: string) => html.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
/** What is to be read of the mail where nothing is loaded. */
const readable = (html: string) => decode(html.replace(/<head>.*<\/head>/s, '').replace(/<[^>]*>/g, '\n'));
const valuesOf = (html: string, attribute: string) =>
  [...html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value]) => decode(value!));

/** The tags with the names of their attributes, in order: what no text of others may change. */
function shapeOf(html: string): readonly string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, ''));
}

/** What keeps the document from being well-formed, or null. */
function malformation(html: string): string | null {
  const body = html.replace(/<style>[^<]*<\/style>/, '').replace('<!doctype html>', '');
  const open: string[] = [];
  const rest = body.replace(/<(\/?)([a-z]\w*)((?: [a-z-]+="[^"<>]*")*)>/g, (_, end: string, name: string) => {
    if (/^(meta|img|br)$/.test(name)) return '';
    if (end === '') open.push(name);
    else if (open.pop() !== name) open.push(`a stray </${name}>`);
    return '';
  });
  const loose = /[<>"]|&(?!(?:amp|lt|gt|quot|#39|nbsp);)/.exec(rest);
  return loose ? `a loose ${loose[0]}` : (open.at(-1) ?? null);
}

const all = LANGUAGES.flatMap((language) => EMAIL_TEMPLATES.map((template) => [template, language] as const));

describe.each(all)('%s in %s', (template, language) => {
  const mail = renderMail(contentOf(template), language, branding);

  test('says all that it has to, in both bodies', () => {
    const facts = FACTS[template].concat(branding.tenantName, operator, 'Qumulox', 'care+desk@qumulox.test');
    if (template !== 'subscription-confirmation') facts.push(DATES[language]);
    for (const fact of facts) {
      expect(mail.text).toContain(fact);
      expect(readable(mail.html)).toContain(fact);
    }
    expect(mail.html).toContain(`<html lang="${language}">`);
    expect(mail.subject).toContain(NAMED[template]);
  });

  test('says the same in both bodies, and has the same links', () => {
    const squeeze = (text: string) => text.replace(/\s/g, '');
    const inHtml = squeeze([readable(mail.html), ...valuesOf(mail.html, 'href')].join('\n'));
    for (const line of mail.text
      .split('\n')
      .map(squeeze)
      .filter((line) => line !== '—'))
      expect(inHtml).toContain(line);
  });

  test('is well-formed, and loads nothing but the logo', () => {
    expect(malformation(mail.html)).toBeNull();
    expect(valuesOf(mail.html, 'src')).toEqual([branding.logoUrl]);
    expect(mail.html).not.toMatch(/url\(|@import|<link|<script|background="/);
    expect(valuesOf(renderMail(contentOf(template), language, plain).html, 'src')).toEqual([]);
  });

  test('can be read without images, with a logo or without', () => {
    for (const look of [branding, plain]) {
      const { html } = renderMail(contentOf(template), language, look);
      expect(readable(html).split('Qumulox').length).toBeGreaterThan(2);
      for (const fact of FACTS[template]) expect(readable(html)).toContain(fact);
    }
    expect(valuesOf(mail.html, 'alt')).toEqual(['Qumulox']);
  });

  test('leads where it says and nowhere else', () => {
    expect(valuesOf(mail.html, 'href')).toEqual([...LINKS[template], 'mailto:care%2Bdesk@qumulox.test']);
    const { html, text } = renderMail(contentOf(template), language, plain);
    expect(valuesOf(html, 'href')).toEqual(LINKS[template]);
    expect(text).not.toContain('@qumulox');
  });

  test.each([
    '"><script>alert(1)</script>',
    `' onload='x`,
    '" onmouseover="x',
    '</td></table>',
    '<!-- &lt;b&gt; $& $1',
  ])('shows %s as it is, as text', (text) => {
    const names = { tenantName: text, productName: text, senderName: text };
    const hostile = { ...branding, ...names, supportEmail: text, primaryColor: text };
    const { html } = render(contentOf(template, text), language, hostile, text);
    expect(shapeOf(html)).toEqual(shapeOf(mail.html));
    expect(malformation(html)).toBeNull();
    expect(readable(html)).toContain(text);
    expect(html).not.toContain(text);
  });

  test('lets no text of others begin a line, turn one around or reach another header', () => {
    const evil = 'A\r\nBcc: b@evil.test\u2028C\u0085\u202ED\u0000\t\u007f';
    const { subject, text, html } = render(
      contentOf(template, evil),
      language,
      { ...plain, productName: evil, tenantName: evil },
      evil,
    );
    expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
    const lines = (body: string) => body.split('\n').length;
    expect(lines(text)).toBe(lines(renderMail(contentOf(template), language, plain).text));
    expect(text).not.toMatch(/^\s*Bcc/m);
    expect(text + html).not.toMatch(/(?!\n)[\p{Cc}\u2028\u202e]/u);
  });

  test('speaks no English by mistake', () => {
    const english = /\b(the|you|your|this|and|has|been|from|until|hello)\b/i;
    const { subject, text } = renderMail(contentOf(template), language, branding);
    const said = `${subject}\n${text}`.replaceAll(/https:\S+/g, '');
    expect(english.test(said)).toBe(language === 'en');
  });
});

/** Every sentence of a language, with the same values in all places. */
function sentences(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [value('Qumulox', 'zelda@mail.test')];
  return Object.values(value as object).flatMap(sentences);
}

test('no two languages share a sentence, and none is empty or said twice', () => {
  const said = LANGUAGES.flatMap((language) => [...new Set(sentences(STRINGS[language]))]);
  expect(said.length).toBeGreaterThan(LANGUAGES.length * 18);
  expect(new Set(said).size).toBe(said.length);
  expect(said.filter((sentence) => sentence.trim() === '')).toEqual([]);
  expect(sentences(STRINGS.ja).filter((sentence) => !/[\p{sc=Hiragana}\p{sc=Han}]/u.test(sentence))).toEqual([]);
});

test.each(LANGUAGES)('an invitation says in the words of its reader what each role lets it do: %s', (language) => {
  const invitation = { ...contentOf('membership-invitation'), roles: ROLES } as EmailContent;
  const { text, html } = renderMail(invitation, language, plain);
  for (const role of ROLES) {
    for (const body of [text, readable(html)]) expect(body).toContain(ROLE_LABELS[language][role]);
    expect(text).not.toContain(role);
  }
  expect(new Set(Object.values(ROLE_LABELS[language])).size).toBe(ROLES.length);
  expect(text).toContain('30');
});

test.each(LANGUAGES)('a status update says in the words of its reader what kind it is: %s', (language) => {
  const labels = SEVERITIES.map((severity) => {
    const { subject, text, html } = renderMail({ ...told, severity }, language, plain);
    const kind = STRINGS[language]['status-update'].kinds[severity]('Qumulox');
    expect(subject).toBe(`[${kind}] ${told.title}`);
    for (const body of [text, readable(html)]) expect(body).toContain(`${kind} · ${DATES[language]}`);
    return kind;
  });
  expect(new Set(labels).size).toBe(SEVERITIES.length);
});

test('the body of a status update stands as it was written: its lines and spaces, and no markup', () => {
  const body =
    'One\r\n\r\n  two  spaces\rthree\u2028<b>four</b> &amp; $& "five"\u0085Six \u202Eseven\u0000\n\nמודעה\u200f!';
  const { text, html } = renderMail({ ...told, body }, 'en', plain);
  const lines = ['One', '', '  two  spaces', 'three', '<b>four</b> &amp; $& "five"', 'Six  seven', '', 'מודעה\u200f!'];
  expect(text).toContain(`\n\n${lines.join('\n')}\n\n`);
  const paragraph = /<p[^>]*white-space:pre-wrap[^>]*>(.*?)<\/p>/s.exec(html)?.[1] ?? '';
  expect(paragraph.split('<br>').map(decode)).toEqual(lines);
  expect(malformation(html)).toBeNull();
  expect(html).not.toContain('<b>');
  expect(text + html).not.toMatch(/(?!\n)[\p{Cc}\u2028\u202e]/u);
});

test('French keeps a space that does not break before its tall punctuation and within its quotes', () => {
  const french = sentences(STRINGS.fr).join('\n');
  expect(french).toContain('«\u202fQumulox\u202f»');
  expect(french.match(/[^\u202f][?!;]|[^\u00a0]:/g)).toBeNull();
  expect(sentences(STRINGS.de).join('\n')).toContain('„Qumulox“');
  expect(
    renderMail({ ...contentOf('activation'), expiresAt: Date.UTC(2026, 4, 1) } as EmailContent, 'fr', plain).text,
  ).toContain('1er mai 2026 à 00:00 UTC');
});

test('nobody is greeted by a link, or by nothing', () => {
  const greeting = (firstName: string) =>
    renderMail({ ...contentOf('activation'), firstName } as EmailContent, 'en', plain).text.split('\n')[2];
  for (const name of ['', ' \n', 'Win at evil.test', 'https://evil.test', 'a@evil.test', '1．com', 'evil\n.test/x']) {
    expect([name, greeting(name)]).toEqual([name, 'Hello,']);
  }
  for (const name of ['J. R. R.', 'J.R.', "D'Arcy", 'Zoë', '太郎', 'Mary-Ann Jr.']) {
    expect(greeting(name)).toBe(`Hello ${name},`);
  }
});

test.each([
  'http://cdn.test/a.png',
  'javascript:alert(1)',
  'data:image/png;base64,AA',
  '//cdn.test/a.png',
  'logo.png',
  '',
])('a logo at %s is left out for the name', (logoUrl) => {
  const { html } = renderMail(contentOf('activation'), 'en', { ...branding, logoUrl });
  expect(html).not.toContain('<img');
  expect(html).toBe(renderMail(contentOf('activation'), 'en', { ...branding, logoUrl: null }).html);
});

test('a logo address cannot leave its attribute', () => {
  const { html } = renderMail(contentOf('activation'), 'en', { ...branding, logoUrl: `https://cdn.test/"'><b>` });
  expect(malformation(html)).toBeNull();
  expect(html).not.toContain('<b>');
});

const hex = fc.integer({ min: 0, max: 0xffffff }).map((color) => `#${color.toString(16).padStart(6, '0')}`);

/** WCAG 2.2, computed apart from the product. */
function contrast(one: string, other: string): number {
  const luminance = (color: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
      const channel = Number.parseInt(color.slice(1 + 2 * index, 3 + 2 * index), 16) / 255;
      return sum + weight * (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
    }, 0);
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function buttonColors(primaryColor: string): readonly [ground: string, label: string] {
  const { html } = renderMail(contentOf('activation'), 'en', { ...plain, primaryColor });
  const [, ground, label] = /background:(#\w{6})"><a href="[^"]*" style="[^"]*;color:(#\w{6})"/.exec(html) ?? [];
  return [ground ?? '', label ?? ''];
}

test('the button is in the colour of the reseller and legible in any', () => {
  fc.assert(
    fc.property(hex, (color) => {
      const [ground, label] = buttonColors(color);
      expect(ground).toBe(color);
      expect(contrast(ground, label)).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 1000, examples: [['#000000'], ['#ffffff'], ['#757575'], ['#767676'], ['#FF0000'], ['#00f0ff']] },
  );
});

test.each(['', 'red', '#fff', '#12345g', '#000000;x:y', '#000000\n', 'url(x)'])('%j is no colour', (color) => {
  const [ground, label] = buttonColors(color);
  expect([ground, label]).toEqual(buttonColors('none'));
  expect(contrast(ground, label)).toBeGreaterThanOrEqual(4.5);
});
