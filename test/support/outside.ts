import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';

type Seen = { method: string; headers: IncomingMessage['headers']; body: string };
type Place = {
  seen: Seen[];
  answer: { status: number; body: string; headers: Record<string, string>; delayMs: number };
};

declare module 'vitest' {
  interface ProvidedContext {
    outside: string;
  }
}

/**
 * The world outside: a real HTTP server on loopback, in Node. Each path below `/at/` is a place that answers as it was
 * told (`PUT /answer/…`) and remembers what it was sent (`GET /seen/…`).
 */
export default async function outside(project: TestProject) {
  const places = new Map<string, Place>();
  const placeOf = (name: string): Place => {
    const place = places.get(name) ?? { seen: [], answer: { status: 200, body: '', headers: {}, delayMs: 0 } };
    places.set(name, place);
    return place;
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const [, kind = '', name = ''] = (request.url ?? '').split('/');
    const place = placeOf(name);
    if (kind === 'answer') Object.assign(place.answer, JSON.parse(body));
    if (kind === 'answer' || kind === 'seen') return response.end(JSON.stringify(place.seen));
    place.seen.push({ method: request.method ?? '', headers: request.headers, body });
    const { status, headers, delayMs, body: text } = place.answer;
    setTimeout(() => response.writeHead(status, headers).end(text), delayMs);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  project.provide('outside', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
}
