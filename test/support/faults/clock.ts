import { V7Generator } from 'uuidv7';
import type { Random } from './random.ts';

export type Clock = ReturnType<typeof virtualClock>;

/** Time that moves only when it is told to, and ids that are made of it. */
export function virtualClock(startMs: number, random: Random) {
  const generator = new V7Generator({ nextUint32: random.uint32 });
  const sleepers = new Set<{ untilMs: number; wake: () => void }>();
  const clock = {
    nowMs: startMs,
    newId: () => generator.generateOrResetWithTs(clock.nowMs).toString(),
    advanceTo(ms: number) {
      clock.nowMs = Math.max(clock.nowMs, Math.round(ms));
      for (const sleeper of [...sleepers].filter(({ untilMs }) => untilMs <= clock.nowMs)) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    sleepUntil: (untilMs: number) => new Promise<void>((wake) => void sleepers.add({ untilMs, wake })),
  };
  return clock;
}
