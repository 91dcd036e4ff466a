import { consume } from '../../../src/delivery/consume.ts';
import type { WorkerContext } from '../../../src/delivery/worker-context.ts';
import type { Clock } from './clock.ts';
import type { Message, SimulatedQueue } from './queue.ts';
import type { Random } from './random.ts';

type Platform = {
  readonly clock: Clock;
  readonly random: Random;
  readonly count: (what: string) => void;
  readonly queueOf: (name: string) => SimulatedQueue;
};

/** Hands batches to their consumers; those of one that fails come again, and in the end to the dead letters. */
export function deliveringTo(
  runBehind: (work: (worker: WorkerContext) => Promise<void>) => Promise<void>,
  { clock, random, count, queueOf }: Platform,
) {
  return async (queue: SimulatedQueue, messages: readonly Message[], redelivered: number): Promise<void> => {
    const { retries, retrySeconds } = queue.settings;
    const again = (message: Message) => {
      const target = message.tries < retries ? queue : queueOf('reseller-edge-dead');
      if (target !== queue) count('batch: given up');
      target.put({ ...message, dueAt: clock.nowMs + retrySeconds * 1000, tries: message.tries + 1 });
    };
    if (random.chance(redelivered)) {
      count('batch: delivered twice');
      for (const message of messages) queue.put(message);
    }
    const batch = { queue: queue.name, messages } as unknown as MessageBatch;
    await runBehind((worker) => consume(worker, batch)).catch(() => {
      count('batch: failed');
      for (const message of messages) again(message);
    });
  };
}
