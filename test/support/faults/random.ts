/** Chance that a seed repeats. */
export type Random = ReturnType<typeof seeded>;

/** mulberry32, and what is made of it. */
export function seeded(seed: number) {
  let state = seed | 0;
  const uint32 = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = () => uint32() / 2 ** 32;
  const below = (bound: number) => Math.floor(next() * bound);
  return {
    uint32,
    next,
    below,
    chance: (share: number) => next() < share,
    pick: <T>(items: readonly T[]): T => items[below(items.length)]!,
    /** One of the names, each as often as its weight says. */
    weighed<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
      const entries = Object.entries(weights) as [K, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      const isHit = ([, weight]: [K, number]) => {
        left -= weight;
        return left < 0;
      };
      return (entries.find(isHit) ?? entries[0]!)[0];
    },
    shuffled<T>(items: readonly T[]): T[] {
      const order = items.map((item) => ({ item, at: next() }));
      return order.sort((a, b) => a.at - b.at).map(({ item }) => item);
    },
  };
}
