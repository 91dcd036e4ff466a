/**
 * What the choices of hash, signature and D1 call cost in workerd: `node test/bench/crypto.ts`.
 * Clocks stand still inside workerd while it computes, so the cost is the process's own CPU time,
 * less that of a request that does nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../scripts/lib/command-error.ts';
import { takeNoArguments } from '../../scripts/lib/command-line.ts';
import { expectAnswer, sendLoad } from './load/load.ts';
import { middleMean } from './reports/statistics.ts';
import { bundleScript } from './servers/bundle.ts';
import { fillDatabase, userId } from './servers/database.ts';
import { cpuMs } from './servers/process.ts';
import { type Running, startWorkerd } from './servers/workerd.ts';

type Plan = { operation: string; requests: number; times: number };

const rounds = 12;
const bareAnswer = 'a bare answer, taken off all others';
const hashes = ['argon2id', 'argon2id-fresh', 'scrypt'].map((operation) => ({ operation, requests: 8, times: 1 }));
const signatures = ['sign-ES256', 'sign-RS256', 'verify-ES256', 'verify-RS256'].map((operation) => ({
  operation,
  requests: 10,
  times: 150,
}));
const reads = ['first', 'all', 'raw', 'session', 'session-bookmark', 'session-batch-1', 'batch-1', 'batch-2'].map(
  (operation) => ({ operation, requests: 500, times: 1 }),
);

await main(async () => takeNoArguments('npm run bench:crypto'));
const folder = await mkdtemp(join(tmpdir(), 'bench-crypto-'));
try {
  const running = await startWorkerd(await bundleScript('crypto-worker.ts', folder));
  try {
    await fillDatabase(running.db);
    console.log('| operation | CPU µs |\n| --- | ---: |');
    for (const [operation, microseconds] of await measure(running, [...hashes, ...signatures, ...reads])) {
      console.log(`| ${operation} | ${microseconds.toFixed(0)} |`);
    }
    for (const alg of ['ES256', 'RS256']) {
      const { body } = await expectAnswer(running.origin, { method: 'GET', path: `/token-${alg}`, expect: 200 });
      console.log(`| token length ${alg} | ${JSON.parse(body).length} characters |`);
    }
  } finally {
    await running.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** CPU microseconds of one unit of each operation: averaged over rounds in which all take their turn. */
async function measure(running: Running, plans: Plan[]): Promise<Map<string, number>> {
  const found = new Map<string, number[]>(
    [bareAnswer, ...plans.map(({ operation }) => operation)].map((name) => [name, []]),
  );
  const bare = { operation: 'nothing', requests: 500, times: 1 };
  for (const plan of [bare, ...plans]) await cpuPerRequest(running, { ...plan, requests: plan.requests / 4 });
  for (let round = 0; round < rounds; round++) {
    const nothing = await cpuPerRequest(running, bare);
    found.get(bareAnswer)?.push(nothing * 1_000);
    for (const plan of plans) {
      const perUnit = ((await cpuPerRequest(running, plan)) - nothing) / plan.times;
      found.get(plan.operation)?.push(perUnit * 1_000);
    }
  }
  return new Map([...found].map(([operation, values]) => [operation, middleMean(values)]));
}

async function cpuPerRequest({ origin, pid }: Running, { operation, requests, times }: Plan): Promise<number> {
  const before = await cpuMs(pid);
  const { latenciesMs } = await sendLoad(
    origin,
    (index) => ({ method: 'GET', path: `/${operation}?times=${times}&id=${userId(index)}`, expect: 200 }),
    { requests, timeMs: 60_000, concurrency: 8 },
  );
  return ((await cpuMs(pid)) - before) / latenciesMs.length;
}
