import { deepPageBudget, type Scenario, scenarios, type Work } from '../scenarios.ts';
import { type Bundle, sizeOf } from '../servers/bundle.ts';
import { cpuRatio, type Round, type Summary, summarize } from './measure.ts';

/** Who is measured: the floor, ours, and the peers: Hono with zod and drizzle, and better-auth. */
export type Side = 'floor' | 'ours' | 'hono' | 'betterAuth';
export type Rounds = Map<Work, Record<Side, Round[]>>;

/** A figure with its bound; `met` is undefined where no bound is set. */
export type Line = {
  title: string;
  floor: Summary;
  ours: Summary;
  ratio: number;
  /** How many times our CPU a peer takes. */
  peers?: { hono: number; betterAuth: number };
  budget?: number;
  met?: boolean;
};
export type Extra = { title: string; value: number; unit: string; budget?: number; met?: boolean };
export type Report = { scenarios: Line[]; extras: Extra[] };

const maxGzipKib = 150;
const maxStartupMs = 35;

/** Everything measured, with ratios and budgets. */
export function buildReport(
  rounds: Rounds,
  bundles: Record<Side, Bundle>,
  startup: Record<Side, number>,
  beside: { floor: number; ours: number },
  deepPage: number,
): Report {
  const gzipKib = (side: Side) => sizeOf(bundles[side]).gzipBytes / 1_024;
  return {
    scenarios: scenarios.map((scenario) => lineOf(scenario, rounds)),
    extras: [
      atMost(
        { title: 'cursor page at row 9,000, CPU over the first page', value: deepPage, unit: '×' },
        deepPageBudget,
      ),
      { title: 'GET p50 beside a client that creates users, floor', value: beside.floor, unit: 'ms' },
      { title: 'GET p50 beside a client that creates users, ours', value: beside.ours, unit: 'ms' },
      atMost({ title: 'bundle, gzipped, ours', value: gzipKib('ours'), unit: 'KiB' }, maxGzipKib),
      { title: 'bundle, gzipped, Hono + zod + drizzle', value: gzipKib('hono'), unit: 'KiB' },
      { title: 'bundle, gzipped, better-auth', value: gzipKib('betterAuth'), unit: 'KiB' },
      atMost({ title: 'start-up CPU, ours', value: startup.ours, unit: 'ms' }, maxStartupMs),
      { title: 'start-up CPU, floor', value: startup.floor, unit: 'ms' },
      { title: 'start-up CPU, Hono + zod + drizzle', value: startup.hono, unit: 'ms' },
      { title: 'start-up CPU, better-auth', value: startup.betterAuth, unit: 'ms' },
    ],
  };
}

/** The report as Markdown. */
export function toMarkdown({ scenarios: lines, extras }: Report): string {
  return [
    '| work | requests/s | p50 ms | p99 ms | CPU ms | floor: requests/s | p50 ms | p99 ms | CPU ms | floor CPU / ours | Hono CPU / ours | better-auth CPU / ours |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |',
    ...lines.map((line) => {
      const verdict = `${line.ratio.toFixed(2)}${verdictOf('≥', line)}`;
      const peers = line.peers ? `${line.peers.hono.toFixed(2)} | ${line.peers.betterAuth.toFixed(2)}` : ' | ';
      return `| ${line.title} | ${cells(line.ours)} | ${cells(line.floor)} | ${verdict} | ${peers} |`;
    }),
    '',
    '| | |',
    '| --- | ---: |',
    ...extras.map((extra) => {
      const figure = `${extra.value.toFixed(extra.unit === '×' ? 3 : 1)} ${extra.unit}${verdictOf('≤', extra)}`;
      return `| ${extra.title} | ${figure} |`;
    }),
  ].join('\n');
}

function lineOf({ work, title, budget }: Scenario, rounds: Rounds): Line {
  const { floor = [], ours = [], hono = [], betterAuth = [] } = rounds.get(work) ?? {};
  const ratio = cpuRatio(floor, ours);
  const peers = hono.length > 0 && { peers: { hono: cpuRatio(hono, ours), betterAuth: cpuRatio(betterAuth, ours) } };
  const bound = budget === undefined ? {} : { budget, met: ratio >= budget };
  return { title, floor: summarize(floor), ours: summarize(ours), ratio, ...peers, ...bound };
}

function atMost(extra: Extra, budget: number): Extra {
  return { ...extra, budget, met: extra.value <= budget };
}

function cells({ requestsPerSecond, p50Ms, p99Ms, cpuMs }: Summary): string {
  return `${requestsPerSecond.toFixed(0)} | ${p50Ms.toFixed(1)} | ${p99Ms.toFixed(1)} | ${cpuMs.toFixed(2)}`;
}

export function verdictOf(sign: string, { budget, met }: { budget?: number; met?: boolean }): string {
  return budget === undefined ? '' : ` (${sign} ${budget}: ${met ? 'pass' : 'MISS'})`;
}
