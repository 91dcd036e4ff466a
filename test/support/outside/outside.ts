import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type BehaviourName, behaviours, type Weights } from '../faults/behaviours.ts';
import { type Random, seeded } from '../faults/random.ts';

/** `did` is what a place with a script made of the request. */
type Seen = { method: string; headers: IncomingMessage['headers']; body: string; did: BehaviourName | null };
type Answer = {
  status: number;
  body: string;
  headers: Record<string, string>;
  delayMs: number;
  /** Instead of the rest: a different behaviour each time. */
  script: { seed: number; weights: Weights } | null;
};
type Place = { seen: Seen[]; answer: Answer; random: Random; open: number; mostOpen: number };

declare module 'vitest' {
  interface ProvidedContext {
    outside: string;
  }
}

/**
 * The world outside: a real HTTP server on loopback, in Node. Each path below `/at/` is a place that answers as it was
 * told (`PUT /answer/…`), remembers what it was sent (`GET /seen/…`) and how much of it at once (`GET /open/…`).
 */
export default async function outside(project: TestProject) {
  const places = new Map<string, Place>();
  const placeOf = (name: string): Place => {
    const answer = { status: 200, body: '', headers: {}, delayMs: 0, script: null };
    const place = places.get(name) ?? { seen: [], answer, random: seeded(0), open: 0, mostOpen: 0 };
    places.set(name, place);
    return place;
  };
  const server = createServer(async (request, response) => {
    const [, kind = '', name = ''] = (request.url ?? '').split('/');
    const place = placeOf(name);
    if (kind === 'at') countOpen(place, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (kind === 'answer') instruct(place, JSON.parse(body));
    if (kind === 'open') return response.end(JSON.stringify(place.mostOpen));
    if (kind === 'answer' || kind === 'seen') return response.end(JSON.stringify(place.seen));
    receive(place, { method: request.method ?? '', headers: request.headers, body }, response);
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  project.provide('outside', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
}

function instruct(place: Place, answer: Partial<Answer>): void {
  Object.assign(place.answer, answer);
  if (answer.script) place.random = seeded(answer.script.seed);
}

function countOpen(place: Place, response: ServerResponse): void {
  place.open += 1;
  place.mostOpen = Math.max(place.mostOpen, place.open);
  response.on('close', () => {
    place.open -= 1;
  });
}

function receive({ seen, answer, random }: Place, request: Omit<Seen, 'did'>, response: ServerResponse): void {
  const { status, headers, delayMs, body, script } = answer;
  const did = script && random.weighed(script.weights);
  seen.push({ ...request, did });
  if (did !== null) behaviours[did].act(response);
  else setTimeout(() => response.writeHead(status, headers).end(body), delayMs).unref();
}
