import { readFile } from 'node:fs/promises';
import { type Bundle, wrangler } from './bundle.ts';

type Profile = {
  nodes: { id: number; callFrame: { functionName: string } }[];
  samples: number[];
  timeDeltas: number[];
};

/** The profiler takes a handful of samples a run, so only a mean of several says anything. */
const runs = 6;

/** CPU ms that evaluating a bundle takes, by `wrangler check startup`: the mean of several profiles. */
export async function startupMs(bundle: Bundle): Promise<number> {
  const profile = `${bundle.file}.cpuprofile`;
  let sumMs = 0;
  for (let run = 0; run < runs; run++) {
    await wrangler(['check', 'startup', '--worker', bundle.file, '--outfile', profile]);
    sumMs += activeMs(JSON.parse(await readFile(profile, 'utf8')));
  }
  return sumMs / runs;
}

/** Time deltas are in µs; `(idle)` waits for the profiler's client and is not the Worker's. */
function activeMs({ nodes, samples, timeDeltas }: Profile): number {
  const idle = new Set(nodes.filter((node) => node.callFrame.functionName === '(idle)').map((node) => node.id));
  const active = timeDeltas.filter((_, index) => !idle.has(samples[index] ?? 0));
  return active.reduce((sum, delta) => sum + delta, 0) / 1_000;
}
