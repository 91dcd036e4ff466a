/**
 * The thread of receiver.ts: `/live/<n>` answers, `/silent/<n>` never does. It keeps what came to `/live/`,
 * and the most requests that were open at once.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import type { Ask, Receipt } from './receiver.ts';

/** An answer takes this long, or requests would hardly ever be seen open at the same time. */
const answerMs = 5;
/** A request counts as open after this: one that was given up may be heard of later than its successor. */
const noticeMs = 2;

const receipts: Receipt[] = [];
const distinct = new Set<string>();
const open = new Map<string, number>();
let openNow = 0;
const mostOpen = { ofOne: 0, ofAll: 0 };

const server = createServer((incoming, outgoing) => {
  const { url = '', headers } = incoming;
  countOpen(url, outgoing);
  const chunks: Buffer[] = [];
  incoming.on('error', () => {});
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', () => {
    if (!url.startsWith('/live/')) return;
    const id = String(headers['webhook-id']);
    const arrivedAt = Date.now();
    const { triggeredAt } = JSON.parse(Buffer.concat(chunks).toString());
    receipts.push({ url, id, arrivedAt, latencyMs: arrivedAt - Date.parse(triggeredAt) });
    distinct.add(`${url} ${id}`);
    setTimeout(() => outgoing.writeHead(204).end(), answerMs);
  });
});
// A connection closed just as the Worker uses it again would look like a failed delivery.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));

parentPort?.on('message', (ask: Ask) => {
  const progress = { distinct: distinct.size, lastAt: receipts.at(-1)?.arrivedAt ?? 0 };
  parentPort?.postMessage(ask === 'progress' ? progress : { receipts, distinct: distinct.size, mostOpen });
});

function countOpen(url: string, outgoing: ServerResponse): void {
  const timer = setTimeout(() => {
    change(url, 1);
    outgoing.on('close', () => change(url, -1));
  }, noticeMs);
  outgoing.on('close', () => clearTimeout(timer));
}

function change(url: string, by: 1 | -1): void {
  const ofOne = (open.get(url) ?? 0) + by;
  open.set(url, ofOne);
  openNow += by;
  mostOpen.ofOne = Math.max(mostOpen.ofOne, ofOne);
  mostOpen.ofAll = Math.max(mostOpen.ofAll, openNow);
}
