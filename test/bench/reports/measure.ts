import { type Limits, sendLoad } from '../load/load.ts';
import type { Subject, Work } from '../scenarios.ts';
import { cpuMs, cpuMsWhenIdle } from '../servers/process.ts';
import { middleMean, quantile } from './statistics.ts';

/** One round of one scenario on one Worker. CPU is in ms a request. */
export type Round = { cpuMs: number; wallMs: number; latenciesMs: number[] };

/** All rounds of one scenario on one Worker together. */
export type Summary = { requestsPerSecond: number; p50Ms: number; p99Ms: number; cpuMs: number };

/** Loads a Worker with one kind of work; with `writes`, what it still does afterwards counts too. */
export async function measureRound(
  { running, call }: Subject,
  work: Work,
  limits: Limits,
  writes = false,
): Promise<Round> {
  const before = await cpuMs(running.pid);
  const load = await sendLoad(running.origin, (index) => call(work, index), limits);
  const after = writes ? await cpuMsWhenIdle(running.pid) : await cpuMs(running.pid);
  return { ...load, cpuMs: (after - before) / load.latenciesMs.length };
}

export function summarize(rounds: Round[]): Summary {
  const latenciesMs = rounds.flatMap((round) => round.latenciesMs);
  const wallMs = rounds.reduce((sum, round) => sum + round.wallMs, 0);
  return {
    requestsPerSecond: (latenciesMs.length / wallMs) * 1_000,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMs: middleMean(rounds.map((round) => round.cpuMs)),
  };
}

/**
 * How many times the CPU of `a` is that of `b`: the geometric mean over rounds that ran side by side,
 * since a shared machine's speed drifts by more than the difference sought.
 */
export function cpuRatio(a: Round[], b: Round[]): number {
  const logarithms = a.flatMap(({ cpuMs }, index) => (b[index] ? [Math.log(cpuMs / b[index].cpuMs)] : []));
  return Math.exp(middleMean(logarithms));
}

/**
 * The CPU of one kind of work over another's on the same Worker, good to a few per cent: many short turns, and
 * of three such series the middle one, since a disturbance can outlast many turns.
 */
export async function compareWork(subject: Subject, work: Work, base: Work): Promise<number> {
  const ratios: number[] = [];
  for (let series = 0; series < 3; series++) {
    const found: { work: Round[]; base: Round[] } = { work: [], base: [] };
    for (let turn = 0; turn < 80; turn++) {
      const sides = ['work', 'base'] as const;
      for (const side of turn % 2 === 0 ? sides : sides.toReversed()) {
        const limits = { requests: 60, timeMs: 10_000, concurrency: 8 };
        found[side].push(await measureRound(subject, side === 'work' ? work : base, limits));
      }
    }
    ratios.push(cpuRatio(found.work, found.base));
  }
  return quantile(ratios, 0.5);
}

/** A GET's median latency, in ms, beside one client that creates users with passwords all the while. */
export async function getBesideCreator({ running, call }: Subject, timeMs: number): Promise<number> {
  const stop = new AbortController();
  const endless = { requests: Number.POSITIVE_INFINITY, timeMs: timeMs * 2, concurrency: 1 };
  const creator = sendLoad(running.origin, (index) => call('createHashed', index), endless, stop.signal);
  try {
    const limits = { requests: Number.POSITIVE_INFINITY, timeMs, concurrency: 1 };
    const { latenciesMs } = await sendLoad(running.origin, (index) => call('getUser', index), limits);
    return quantile(latenciesMs, 0.5);
  } finally {
    stop.abort();
    await creator;
    await cpuMsWhenIdle(running.pid);
  }
}
