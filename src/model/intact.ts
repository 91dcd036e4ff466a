import { logFault } from './log.ts';

/** Maps what can be mapped: an item that throws (or gives null) is logged and left out, so that it spoils no other. */
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
