import type { Sample } from '../load/steady.ts';
import { type QuietAsk, quietAsks, type Tenants } from '../tenants.ts';
import { verdictOf } from './report.ts';
import { type Latency, latencyOf, p99Ratio } from './statistics.ts';

/** One kind of request: `ratio` is of its p99 beside the loud tenant to its p99 alone. */
type TenantsLine = {
  title: string;
  requests: number;
  alone: Latency;
  beside: Latency;
  ratio: number;
  budget: number;
  met: boolean;
};
export type TenantsReport = Pick<Tenants, 'served' | 'refused' | 'bytes'> & { lines: TenantsLine[] };

const most = 2;
const titles: Record<QuietAsk, string> = {
  get: 'GET one organization',
  list: 'list 50 organizations',
  create: 'create an organization',
};

export function toTenantsReport({ served, refused, bytes, ...turns }: Tenants): TenantsReport {
  const lines = quietAsks.map((kind) => {
    const of = (samples: Sample<QuietAsk>[]) =>
      samples.filter((sample) => sample.kind === kind).map(({ latencyMs }) => latencyMs);
    const alone = turns.alone.map(of);
    const beside = turns.beside.map(of);
    const ratio = p99Ratio(beside, alone);
    return {
      title: titles[kind],
      requests: [...alone, ...beside].flat().length,
      alone: latencyOf(alone.flat()),
      beside: latencyOf(beside.flat()),
      ratio,
      budget: most,
      met: ratio <= most,
    };
  });
  return { served, refused, bytes, lines };
}

/** The report as Markdown. */
export function tenantsToMarkdown({ served, refused, bytes, lines }: TenantsReport): string {
  const [ok, no] = [served, refused].map((count) => count.toLocaleString('en'));
  return [
    `The loud tenant was served ${ok} times and refused ${no} times; its day has ${(bytes / 1e6).toFixed(1)} MB.`,
    '',
    '| request of the quiet tenant | requests | p50 ms | p99 ms | beside the loud one: p50 ms | p99 ms | p99 beside / alone |',
    '| --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...lines.map((line) => {
      const cells = [line.alone, line.beside].flatMap(({ p50Ms, p99Ms }) => [p50Ms.toFixed(1), p99Ms.toFixed(1)]);
      return `| ${line.title} | ${line.requests} | ${cells.join(' | ')} | ${line.ratio.toFixed(2)}${verdictOf('≤', line)} |`;
    }),
  ].join('\n');
}
