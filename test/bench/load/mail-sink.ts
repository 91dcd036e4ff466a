import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Mails received, the addresses among their recipients, and when the last one came. */
export type SinkProgress = { mails: number; recipients: number; lastAt: number };

/** A mail server on loopback that takes everything, in a thread of its own. */
export type MailSink = { url: string; progress: () => Promise<SinkProgress>; stop: () => Promise<void> };

export async function startMailSink(): Promise<MailSink> {
  const thread = new Worker(join(import.meta.dirname, 'mail-sink-thread.ts'));
  const [port] = await once(thread, 'message');
  return {
    url: `smtp://127.0.0.1:${port}?starttls=off`,
    progress: async () => {
      thread.postMessage('progress');
      const [answer] = await once(thread, 'message');
      return answer;
    },
    stop: async () => {
      await thread.terminate();
    },
  };
}
