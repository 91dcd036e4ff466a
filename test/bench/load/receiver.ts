import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** One request that a live endpoint received; the latency runs from the event's `triggeredAt`. */
export type Receipt = { url: string; id: string; arrivedAt: number; latencyMs: number };

/** `distinct` counts an event once for each endpoint; `lastAt` is when the last request came. */
export type Progress = { distinct: number; lastAt: number };
/** `mostOpen`: requests open at once, the silent endpoints' among them. */
export type Received = { receipts: Receipt[]; distinct: number; mostOpen: { ofOne: number; ofAll: number } };

export type Ask = 'progress' | 'received';
export type EndpointKind = 'live' | 'silent' | 'refusing';

/** A receiver of webhooks on loopback, in a thread of its own, so that the load does not delay its clock. */
export type Receiver = {
  address: (kind: EndpointKind, index: number) => string;
  progress: () => Promise<Progress>;
  received: () => Promise<Received>;
  stop: () => Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const thread = new Worker(join(import.meta.dirname, 'receiver-thread.ts'));
  const [port] = await once(thread, 'message');
  const closed = await closedPort();
  const ask = async (question: Ask) => {
    thread.postMessage(question);
    const [answer] = await once(thread, 'message');
    return answer;
  };
  return {
    address: (kind, index) => `http://127.0.0.1:${kind === 'refusing' ? closed : port}/${kind}/${index}`,
    progress: () => ask('progress'),
    received: () => ask('received'),
    stop: async () => {
      await thread.terminate();
    },
  };
}

/** A port that nobody listens on: a connection to it is refused. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
