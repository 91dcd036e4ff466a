import type { Invocation } from './invocation.ts';

/** The runs of the Worker that are under way. */
export function openCrew() {
  const running = new Set<Invocation>();
  let changed = Promise.withResolvers<void>();
  const notice = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  return {
    notice,
    isQuiet: () => running.size === 0,
    join: (invocation: Invocation) => void running.add(invocation),
    leave(invocation: Invocation) {
      running.delete(invocation);
      notice();
    },
    /** Waits until no more than these are busy. One that stalls is not waited for. */
    async atMostBusy(most: number): Promise<void> {
      while ([...running].filter(({ stalled }) => !stalled).length > most) await changed.promise;
    },
  };
}
