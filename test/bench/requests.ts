import { startBetterAuth } from './peers/better-auth.ts';
import { startHono } from './peers/hono.ts';
import { compareWork, getBesideCreator, measureRound } from './reports/measure.ts';
import { buildReport, type Report, type Rounds, type Side } from './reports/report.ts';
import { type Scenario, type Subject, scenarios } from './scenarios.ts';
import { type Bundle, bundleScript } from './servers/bundle.ts';
import { startFloor } from './servers/floor.ts';
import { bundleOursUnhashed, startOurs } from './servers/ours.ts';
import { startupMs } from './servers/startup.ts';

type Subjects = Record<Side | 'unhashed', Subject>;

const rounds = 40;
const warmUpRounds = 3;
const roundTimeMs = 10_000;
const besideTimeMs = 5_000;
const concurrency = 8;

/**
 * Our Worker beside the floor and the peers, each in a workerd process of its own, in rounds that alternate, so that
 * the machine's moods meet all of them.
 */
export async function measureRequests(code: Bundle, folder: string): Promise<Report> {
  const started: Subject[] = [];
  const keep = async (starting: Promise<Subject>) => {
    const subject = await starting;
    started.push(subject);
    return subject;
  };
  try {
    const floorCode = await bundleScript('floor-worker.ts', folder);
    const peers = {
      hono: await bundleScript('../peers/hono-worker.ts', folder),
      betterAuth: await bundleScript('../peers/better-auth-worker.ts', folder),
    };
    const bundles = { floor: floorCode, ours: code, ...peers };
    const startup = {
      floor: await startupMs(floorCode),
      ours: await startupMs(code),
      hono: await startupMs(peers.hono),
      betterAuth: await startupMs(peers.betterAuth),
    };
    const subjects = {
      floor: await keep(startFloor(floorCode)),
      ours: await keep(startOurs(code)),
      unhashed: await keep(startOurs(await bundleOursUnhashed(folder))),
      hono: await keep(startHono(peers.hono)),
      betterAuth: await keep(startBetterAuth(peers.betterAuth)),
    };
    const measured = await measureAll(subjects);
    const beside = {
      floor: await getBesideCreator(subjects.floor, besideTimeMs),
      ours: await getBesideCreator(subjects.ours, besideTimeMs),
    };
    const deepPage = await compareWork(subjects.ours, 'listDeep', 'listFirst');
    return buildReport(measured, bundles, startup, beside, deepPage);
  } finally {
    for (const { running } of started) await running.stop();
  }
}

async function measureAll(subjects: Subjects): Promise<Rounds> {
  const found: Rounds = new Map(scenarios.map(({ work }) => [work, { floor: [], ours: [], hono: [], betterAuth: [] }]));
  for (let round = -warmUpRounds; round < rounds; round++) {
    const turned = round % 2 !== 0;
    for (const scenario of turned ? scenarios.toReversed() : scenarios) {
      const sides: readonly Side[] = scenario.peers ? ['floor', 'ours', 'hono', 'betterAuth'] : ['floor', 'ours'];
      for (const side of turned ? sides.toReversed() : sides) {
        const result = await measureSide(subjects, side, scenario);
        if (round >= 0) found.get(scenario.work)?.[side].push(result);
      }
    }
  }
  return found;
}

function measureSide(subjects: Subjects, side: Side, { work, requests, floorDoes, writes }: Scenario) {
  const subject = subjects[side === 'ours' && work.startsWith('createBare') ? 'unhashed' : side];
  const limits = { requests, timeMs: roundTimeMs, concurrency };
  return measureRound(subject, side === 'floor' ? (floorDoes ?? work) : work, limits, writes);
}
