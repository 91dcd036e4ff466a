import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from './ports.ts';
import { until } from './until.ts';

const arrivalTimeoutMs = 30_000;

export type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };
export type Receiver = {
  readonly url: (path: string) => string;
  readonly received: readonly Received[];
  /** Waits until this many requests came to the path. */
  readonly arrived: (path: string, count: number) => Promise<readonly Received[]>;
  readonly close: () => void;
};

/** Somebody's webhook receiver: takes whatever comes and answers 204. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const take = async (request: IncomingMessage) => {
    received.push({ path: request.url ?? '', headers: request.headers, body: await text(request) });
  };
  const { server, port } = await listen(
    createServer((request, response) => {
      take(request).finally(() => response.writeHead(204).end());
    }),
  );
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    received,
    arrived(path, count) {
      const enough = () => {
        const found = received.filter((one) => one.path === path);
        return found.length >= count ? found : undefined;
      };
      return until(`${count} requests to ${path}`, enough, arrivalTimeoutMs);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
