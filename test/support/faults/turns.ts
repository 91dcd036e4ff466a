import type { Random } from './random.ts';

/** Does work that others may be about to do too. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** All at once, in the order in which the machine happens to do it. */
export const atOnce: InTurn = (work) => work();

/**
 * One after the other, in an order that a seed decides: whoever is ready waits until nobody else is on the way to being
 * so, and then one of them is chosen.
 */
export function takingTurns(random: Random): InTurn {
  const ready: (() => Promise<unknown>)[] = [];
  let choosing = false;

  async function choose(): Promise<void> {
    choosing = true;
    while (ready.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      const [next] = ready.splice(random.below(ready.length), 1);
      await next?.();
    }
    choosing = false;
  }

  return (work) =>
    new Promise((resolve, reject) => {
      ready.push(() => work().then(resolve, reject));
      if (!choosing) void choose();
    });
}
