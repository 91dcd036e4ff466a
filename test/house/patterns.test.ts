import { checkSync } from 'recheck';
import { expect, test } from 'vitest';
import { patternsIn } from './patterns.ts';

const patterns = patternsIn('src');

test('every pattern of the sources is looked at, and of what they validate with', () => {
  const files = new Set(patterns.map(({ file }) => file));
  expect(patterns.length).toBeGreaterThan(120);
  for (const file of [
    'src/model/fields.ts',
    'src/pages/static/activate/rules.js',
    'valibot: uuid',
    'src/http/request-context.ts',
  ])
    expect(files).toContain(file);
});

test('a pattern that backtracks is found out', () => {
  expect(checkSync('^(a+)+$', '').status).toBe('vulnerable');
  expect(checkSync('\\s+$', '').status).toBe('vulnerable');
});

test.each(patterns)('/$source/$flags ($file) takes no longer than its text is long', ({ source, flags }) => {
  expect(checkSync(source, flags)).toMatchObject({ status: 'safe' });
});
