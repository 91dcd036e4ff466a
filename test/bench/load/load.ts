import { Agent, request } from 'node:http';

/** One HTTP request and the status that counts as success. */
export type Call = {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
  expect: number;
};

export type Limits = { requests: number; timeMs: number; concurrency: number };

/** `wallMs` runs from the first request to the last answer; one latency, in ms, for every request. */
export type Load = { wallMs: number; latenciesMs: number[] };

/** Sends calls over kept-alive connections until the count or the time is reached, or `signal` stops it. */
export async function sendLoad(
  origin: URL,
  call: (index: number) => Call,
  limits: Limits,
  signal?: AbortSignal,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: limits.concurrency });
  const latenciesMs: number[] = [];
  const start = performance.now();
  let sent = 0;
  const mayGoOn = () => sent < limits.requests && performance.now() - start < limits.timeMs && signal?.aborted !== true;
  const client = async () => {
    while (mayGoOn()) {
      const next = call(sent++);
      const began = performance.now();
      await expectAnswer(origin, next, agent);
      latenciesMs.push(performance.now() - began);
    }
  };
  try {
    await Promise.all(Array.from({ length: limits.concurrency }, client));
    return { wallMs: performance.now() - start, latenciesMs };
  } finally {
    agent.destroy();
  }
}

/** Sends one call; an answer of another status than the expected one is an error. */
export async function expectAnswer(origin: URL, call: Call, agent?: Agent): Promise<{ link: string; body: string }> {
  const { method, path, headers, body, expect } = call;
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const answer = await new Promise<{ status: number | undefined; link: string; body: string }>((resolve, reject) => {
    const options = {
      method,
      path,
      agent,
      host: origin.hostname,
      port: origin.port,
      headers: { ...headers, ...length },
    };
    const outgoing = request(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const { link = [] } = incoming.headers;
        resolve({
          status: incoming.statusCode,
          link: [link].flat().join(', '),
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
  if (answer.status !== expect) {
    throw new Error(`${method} ${path}: ${answer.status} instead of ${expect}: ${answer.body.slice(0, 300)}`);
  }
  return answer;
}
