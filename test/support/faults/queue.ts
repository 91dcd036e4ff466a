import { env } from 'cloudflare:workers';
import type { Clock } from './clock.ts';
import type { Step } from './invocation.ts';
import type { Random } from './random.ts';

type Settings = { readonly batchSize: number; readonly retries: number; readonly retrySeconds: number };
export type Message = { readonly id: string; readonly body: unknown; readonly dueAt: number; readonly tries: number };
export type SimulatedQueue = ReturnType<typeof simulatedQueue>;
type World = { readonly clock: Clock; readonly random: Random; readonly count: (what: string) => void };
type Sent = { readonly body: unknown; readonly delaySeconds?: number };

/** The queues of wrangler.toml by their names. */
export function simulatedQueues(world: World): ReadonlyMap<string, SimulatedQueue> {
  const queues = new Map<string, SimulatedQueue>();
  for (const consumer of env.CONFIG.queues.consumers ?? []) {
    const { queue, max_batch_size: batchSize = 1, max_retries: retries = 0, retry_delay: retrySeconds = 0 } = consumer;
    queues.set(queue, simulatedQueue(queue, { batchSize, retries, retrySeconds }, world));
  }
  return queues;
}

/** A queue as the platform promises it: each message at least once, in any order. */
function simulatedQueue(name: string, settings: Settings, { clock, random, count }: World) {
  let waiting: Message[] = [];
  const put = (message: Omit<Message, 'id'>) => void waiting.push({ id: clock.newId(), ...message });
  return {
    name,
    settings,
    put,
    isDue: () => waiting.some(({ dueAt }) => dueAt <= clock.nowMs),
    /** What a producer is given; sending is a step of its invocation. */
    producer: (step: Step) => ({
      sendBatch: (messages: Iterable<Sent>) =>
        step('queue', async (fault) => {
          if (fault === 'message dropped') return;
          for (const { body, delaySeconds = 0 } of messages) {
            const message = { body, dueAt: clock.nowMs + delaySeconds * 1000, tries: 0 };
            put(message);
            if (fault === 'message doubled') put(message);
          }
        }),
    }),
    /** Everything that is due, in disorder and in batches of any size up to the limit. */
    takeDue(): Message[][] {
      const inOrder = waiting.filter(({ dueAt }) => dueAt <= clock.nowMs);
      const due = random.shuffled(inOrder);
      if (due.some((message, place) => message !== inOrder[place])) count('batch: disordered');
      waiting = waiting.filter(({ dueAt }) => dueAt > clock.nowMs);
      const batches: Message[][] = [];
      while (due.length > 0) batches.push(due.splice(0, 1 + random.below(settings.batchSize)));
      return batches;
    },
  };
}
