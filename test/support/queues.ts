import { env } from 'cloudflare:workers';
import { vi } from 'vitest';

/** Has whatever is sent to a queue get lost, so that no work in the background writes rows of its own meanwhile. */
export function muteQueues(): void {
  for (const queue of [env.EVENTS, env.TASKS, env.EMAILS]) {
    vi.spyOn(queue, 'sendBatch').mockImplementation(async () => ({}) as QueueSendBatchResponse);
  }
}

/** A queue that takes nothing. */
export const downQueue = { sendBatch: () => Promise.reject(new Error('down')) } as unknown as Queue;
