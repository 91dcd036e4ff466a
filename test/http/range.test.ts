import { expect, test } from 'vitest';
import { readRange } from '../../src/http/objects/range.ts';
import { Refusal } from '../../src/model/failure.ts';

/** `offset+length` of what a GET of an object of this size gets; `all` of it, or nothing. */
function ranged(range: string, size: number, more: Record<string, string> = {}): string {
  try {
    const part = readRange(new Headers({ Range: range, ...more }), { size, etag: 'e' });
    return part === null ? 'all' : `${part.offset}+${part.length}`;
  } catch (error) {
    if (error instanceof Refusal) return error.failure.kind;
    throw error;
  }
}

test.each([
  ['bytes=0-0', '0+1'],
  ['bytes=0-9', '0+10'],
  ['bytes=0-99', '0+10'],
  ['bytes=3-', '3+7'],
  ['bytes=9-9', '9+1'],
  ['bytes=-1', '9+1'],
  ['bytes=-10', '0+10'],
  ['bytes=-99', '0+10'],
  ['BYTES= 2-4 ', '2+3'],
  ['bytes=10-', 'range_unsatisfiable'],
  ['bytes=10-20', 'range_unsatisfiable'],
  ['bytes=99999999999999999999-', 'range_unsatisfiable'],
  ['bytes=-0', 'range_unsatisfiable'],
  ['bytes=4-3', 'all'],
  ['bytes=-', 'all'],
  ['bytes=', 'all'],
  ['bytes=a-b', 'all'],
  ['bytes=0-1,3-4', 'all'],
  ['items=0-1', 'all'],
  ['0-1', 'all'],
  ['', 'all'],
])('of ten bytes %s is %s', (range, expected) => {
  expect(ranged(range, 10)).toBe(expected);
});

test('of nothing there is no range', () => {
  for (const range of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) expect(ranged(range, 0)).toBe('range_unsatisfiable');
});

test.each([
  ['"e"', '0+1'],
  ['"f"', 'all'],
  ['W/"e"', 'all'],
  ['Sun, 22 Nov 2026 00:00:00 GMT', 'all'],
  ['', 'all'],
])('If-Range: %s', (ifRange, expected) => {
  expect(ranged('bytes=0-0', 10, { 'If-Range': ifRange })).toBe(expected);
});
