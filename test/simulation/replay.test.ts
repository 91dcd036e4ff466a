import { beforeAll, expect, test, vi } from 'vitest';
import { simulateAlone } from './seeds.ts';

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

test('a seed tells the same story each time', { timeout: 120_000 }, async () => {
  const { trace, counts } = await simulateAlone(1);
  expect(trace.length).toBeGreaterThan(20);
  expect(await simulateAlone(1)).toMatchObject({ trace, counts });
});
