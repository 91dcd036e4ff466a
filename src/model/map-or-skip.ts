import { logFault } from './log.ts';

export function mapOrSkip<T, R>(items: readonly T[], map: (item: T) => R | null): R[] {
  return items.flatMap((item) => {
    try {
      return map(item) ?? [];
    } catch (error) {
      logFault('an item was left out', error);
      return [];
    }
  });
}
