import type { Delivered } from '../deliveries.ts';
import type { Receipt } from '../load/receiver.ts';
import type { DeliveryRows } from './delivery-rows.ts';
import { verdictOf } from './report.ts';
import { quantile } from './statistics.ts';

/**
 * One row of the table. Latencies run from the event's commit; `committedMs` and `drainedMs` are of one turn.
 * A delivery that never came counts as infinitely late. Only `mostOpen` and `rows` know of dead endpoints.
 */
export type DeliveryLine = {
  title: string;
  expected: number;
  received: number;
  repeats: number;
  committedMs: number;
  drainedMs: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  mostOpen: { ofOne: number; ofAll: number };
  budget: number;
  met: boolean;
  rows: DeliveryRows;
};

/** Requests that one endpoint may have open at once. */
const maxOpen = 6;

export function toDeliveryLine({ scenario, turns, received, rows }: Delivered): DeliveryLine {
  const { title, live, events } = scenario;
  const { receipts, distinct, mostOpen } = received;
  const expected = live * events * turns.length;
  const drainedMs = turns.reduce((sum, turn) => sum + turn.drainedMs, 0);
  const committedMs = turns.reduce((sum, turn) => sum + turn.committedMs, 0);
  const missing = Array.from({ length: expected - distinct }, () => Number.POSITIVE_INFINITY);
  const latenciesMs = [...firstOfEach(receipts).map(({ latencyMs }) => latencyMs), ...missing];
  return {
    title,
    expected,
    received: distinct,
    repeats: receipts.length - distinct,
    committedMs: committedMs / turns.length,
    drainedMs: drainedMs / turns.length,
    perSecond: (distinct / drainedMs) * 1_000,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    mostOpen,
    budget: maxOpen,
    met: mostOpen.ofOne <= maxOpen,
    rows,
  };
}

/** The lines as Markdown. */
export function deliveriesToMarkdown(lines: DeliveryLine[]): string {
  return [
    '| deliveries | received | repeats | committed in s | drained in s | deliveries/s | p50 ms | p99 ms | most open: one endpoint | all | rows delivered / pending / dead |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | --- |',
    ...lines.map((line) => `| ${cells(line).join(' | ')} |`),
  ].join('\n');
}

function cells(line: DeliveryLine): (string | number)[] {
  const { title, expected, received, repeats, committedMs, drainedMs, perSecond, p50Ms, p99Ms, mostOpen, rows } = line;
  const drained = received === expected ? seconds(drainedMs) : `did not drain: ${received} of ${expected}`;
  const figures = [perSecond.toFixed(0), latency(p50Ms), latency(p99Ms)];
  const open = [`${mostOpen.ofOne}${verdictOf('≤', line)}`, mostOpen.ofAll];
  const states = `${rows.delivered} / ${rows.pending} / ${rows.dead}`;
  return [title, received, repeats, seconds(committedMs), drained, ...figures, ...open, states];
}

/** Each delivery's first receipt; at least once means that there may be more. */
function firstOfEach(receipts: Receipt[]): Receipt[] {
  const firsts = new Map<string, Receipt>();
  for (const receipt of receipts.toReversed()) firsts.set(`${receipt.url} ${receipt.id}`, receipt);
  return [...firsts.values()];
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function latency(ms: number): string {
  return Number.isFinite(ms) ? ms.toFixed(0) : 'never';
}
