import { type Asked, asked, type Cleanup } from '../cleanup.ts';
import type { Sample } from '../load/steady.ts';
import { verdictOf } from './report.ts';
import { type Latency, latencyOf, p99Ratio } from './statistics.ts';

/** One kind of request: `ratio` is of its p99 beside the cleanup to its p99 without. */
export type CleanupLine = {
  title: string;
  requests: number;
  without: Latency;
  with: Latency;
  ratio: number;
  budget: number;
  met: boolean;
};
export type CleanupReport = { rows: number; left: number; cleaningMs: number; lines: CleanupLine[] };

const most = 1.5;
const titles: Record<Asked, string> = {
  get: 'GET one user',
  list: 'list 50 users',
  create: 'create an organization',
};

export function toCleanupReport({ rows, left, cleaningMs, ...turns }: Cleanup): CleanupReport {
  const lines = asked.map((kind) => {
    const of = (samples: Sample<Asked>[]) =>
      samples.filter((sample) => sample.kind === kind).map(({ latencyMs }) => latencyMs);
    const without = turns.without.map(of);
    const beside = turns.with.map(of);
    const ratio = p99Ratio(beside, without);
    return {
      title: titles[kind],
      requests: [...without, ...beside].flat().length,
      without: latencyOf(without.flat()),
      with: latencyOf(beside.flat()),
      ratio,
      budget: most,
      met: ratio <= most && left === 0,
    };
  });
  return { rows, left, cleaningMs, lines };
}

/** The report as Markdown. */
export function cleanupToMarkdown({ rows, left, cleaningMs, lines }: CleanupReport): string {
  const gone = (rows - left).toLocaleString('en');
  const seconds = cleaningMs / 1_000;
  return [
    `${gone} of ${rows.toLocaleString('en')} expired rows gone after ${seconds.toFixed(0)} s of cleaning, ${((rows - left) / seconds).toFixed(0)} a second.`,
    '',
    '| request | requests | p50 ms | p99 ms | beside the cleanup: p50 ms | p99 ms | p99 with / without |',
    '| --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...lines.map((line) => {
      const cells = [line.without, line.with].flatMap(({ p50Ms, p99Ms }) => [p50Ms.toFixed(1), p99Ms.toFixed(1)]);
      return `| ${line.title} | ${line.requests} | ${cells.join(' | ')} | ${line.ratio.toFixed(2)}${verdictOf('≤', line)} |`;
    }),
  ].join('\n');
}
