import jsQR from 'jsqr';
import { describe, expect, test } from 'vitest';
import { newTotpSecret, otpauthUri } from '../../src/auth/secrets/totp.ts';
import { qrSvg } from '../../src/pages/qr.ts';

const address = otpauthUri(newTotpSecret(), { issuer: 'Acme Söhne', account: 'ada@example.com' });

describe('a code is read again as it was written', () => {
  test.each([
    address,
    otpauthUri(newTotpSecret(), { issuer: '株式会社エッジ', account: `${'x'.repeat(200)}@example.com` }),
    'A',
    '12345',
    'ÄÖÜ "<&>\n',
  ])('%j', (text) => {
    expect(read(qrSvg(text))).toBe(text);
  });
});

describe('the element', () => {
  const svg = qrSvg(address);

  test('holds nothing but two paths', () => {
    expect(svg.match(/<\/?\w+/g)).toEqual(['<svg', '<path', '<path', '</svg']);
    expect(svg).not.toMatch(/style|href|url\(|data:|\son\w+=/);
    expect(qrSvg('"><script>')).not.toContain('script');
  });

  test('is as large as its modules need, four of them quiet on every side', () => {
    const [, size, width, height] = /viewBox="0 0 (\d+) \1" width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
    expect([width, height]).toEqual([size! * 4, size! * 4]);
    const runs = runsOf(svg);
    expect(Math.min(...runs.map(({ x }) => x))).toBe(4);
    expect(Math.max(...runs.map(({ x, length }) => x + length))).toBe(size! - 4);
    expect([runs[0]!.y, runs.at(-1)!.y]).toEqual([4, size! - 5]);
  });

  test('is dark on white and without a stroke, whatever the page is', () => {
    const size = Number(/viewBox="0 0 (\d+)/.exec(svg)![1]);
    expect(svg).toContain(`<path fill="#fff" stroke="none" d="M0 0h${size}v${size}H0z"/>`);
    expect(svg).toContain('<path fill="#000" stroke="none" d="M4 4h7v1h-7z');
  });
});

function runsOf(svg: string) {
  const [, path] = /fill="#000"[^>]* d="([^"]+)"/.exec(svg)!;
  const runs = [...path!.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)];
  expect(runs.map(([run]) => run).join('')).toBe(path);
  return runs.map(([, x, y, length]) => ({ x: Number(x), y: Number(y), length: Number(length) }));
}

/** What a camera makes of it, at 4 pixels a module. */
function read(svg: string): string | undefined {
  const width = Number(/ width="(\d+)"/.exec(svg)![1]);
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const { x, y, length } of runsOf(svg)) {
    for (let row = y * 4; row < y * 4 + 4; row += 1) {
      for (let column = x * 4; column < (x + length) * 4; column += 1) {
        pixels.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
      }
    }
  }
  return jsQR(pixels, width, width, { inversionAttempts: 'dontInvert' })?.data;
}
