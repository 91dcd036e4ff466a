import { exports } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import de from '../../src/pages/static/activate/texts/texts.de.json';
import { send } from '../support/api.ts';

const open = (language?: string) =>
  send('GET', '/activate', { headers: language === undefined ? {} : { 'Accept-Language': language } });

test('the page is for its reader alone: not kept, not indexed, no referrer', async () => {
  const { status, headers, text } = await open();
  expect(status).toBe(200);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    vary: 'Accept-Language',
  });
  expect(text).toContain('<meta name="robots" content="noindex">');
});

test('nothing but our own files may run, style or be asked, and nobody may frame the page', async () => {
  const { headers } = await open();
  const policy = (headers.get('Content-Security-Policy') ?? '').split('; ');
  expect(policy).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'none'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test('neither scripts nor styles stand in the page, and all that it names is ours', async () => {
  const { text } = await open();
  expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
  for (const [, attributes, content] of text.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)) {
    expect([attributes, content]).toEqual([expect.stringContaining('src="/pages/'), '']);
  }
  const files = [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address]) => address ?? '');
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) expect((await send('GET', file)).status, file).toBe(200);
});

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['de', 'de'],
  ['de-AT,en;q=0.5', 'de'],
  ['JA-jp', 'ja'],
  ['pt-BR,fr;q=0.6,es;q=0.7', 'es'],
  ['en;q=0.1, fr', 'fr'],
  ['de;q=0, ja;q=0.001', 'ja'],
  ['den,enx,it', 'en'],
  ['de;q=much', 'en'],
  ['<script>,"', 'en'],
])('a reader who accepts %s is answered in %s', async (accepted, language) => {
  expect((await open(accepted)).text).toContain(`<html lang="${language}">`);
});

test('who has no JavaScript is told so in their language', async () => {
  const { text } = await open('de');
  expect(text).toContain(`<title>${de.title}</title>`);
  expect(/<noscript>.*<\/noscript>/s.exec(text)?.[0]).toContain(de.noscript);
});

test.each([
  ['/pages/activate.js', 'text/javascript', 'takeToken'],
  ['/pages/activate.css', 'text/css', 'prefers-color-scheme'],
  ['/pages/texts.ja.json', 'application/json', 'パスワード'],
  ['/docs/page.css', 'text/css', 'color-scheme'],
])('%s is served as %s', async (path, type, content) => {
  const { status, headers, text } = await send('GET', path);
  expect(status).toBe(200);
  expect(headers.get('Content-Type')).toContain(type);
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(text).toContain(content);
});

test('a file is asked for anew each time and sent only where it changed', async () => {
  const first = await send('GET', '/pages/activate.js');
  expect(first.headers.get('Cache-Control')).toBe('public, max-age=0, must-revalidate');
  const again = await send('GET', '/pages/activate.js', {
    headers: { 'If-None-Match': first.headers.get('ETag') ?? '' },
  });
  expect([again.status, again.text]).toEqual([304, '']);
});

test.each(['/pages/', '/pages/none.js', '/pages/..%2Fdocs%2Fpage.css', '/pages/a/b.js'])(
  'there is nothing at %s',
  async (path) => {
    expect(await send('GET', path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  },
);

test('the page answers HEAD, and refuses other methods', async () => {
  const head = await exports.default.fetch(new Request('https://edge.localhost/activate', { method: 'HEAD' }));
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect((await send('POST', '/activate')).status).toBe(405);
});
