import { type Bundle, bundleScript } from './bundle.ts';
import { startFloor } from './floor.ts';
import { compareWork, getBesideCreator, measureRound } from './measure.ts';
import { bundleOursUnhashed, startOurs } from './ours.ts';
import { buildReport, type Report, type Rounds } from './report.ts';
import { type Scenario, type Subject, scenarios } from './scenarios.ts';
import { startupMs } from './startup.ts';

type Subjects = { floor: Subject; ours: Subject; unhashed: Subject };

const rounds = 40;
const warmUpRounds = 3;
const roundTimeMs = 10_000;
const besideTimeMs = 5_000;
const concurrency = 8;

/**
 * Our Worker beside the floor, each in a workerd process of its own, in rounds that alternate, so that the
 * machine's moods meet both.
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
    const startup = { floor: await startupMs(floorCode), ours: await startupMs(code) };
    const subjects = {
      floor: await keep(startFloor(floorCode)),
      ours: await keep(startOurs(code)),
      unhashed: await keep(startOurs(await bundleOursUnhashed(folder))),
    };
    const measured = await measureAll(subjects);
    const beside = {
      floor: await getBesideCreator(subjects.floor, besideTimeMs),
      ours: await getBesideCreator(subjects.ours, besideTimeMs),
    };
    const deepPage = await compareWork(subjects.ours, 'listDeep', 'listFirst');
    return buildReport(measured, code, startup, beside, deepPage);
  } finally {
    for (const { running } of started) await running.stop();
  }
}

async function measureAll(subjects: Subjects): Promise<Rounds> {
  const found: Rounds = new Map(scenarios.map(({ work }) => [work, { floor: [], ours: [] }]));
  for (let round = -warmUpRounds; round < rounds; round++) {
    const turned = round % 2 !== 0;
    for (const scenario of turned ? scenarios.toReversed() : scenarios) {
      const sides = ['floor', 'ours'] as const;
      for (const side of turned ? sides.toReversed() : sides) {
        const result = await measureSide(subjects, side, scenario);
        if (round >= 0) found.get(scenario.work)?.[side].push(result);
      }
    }
  }
  return found;
}

function measureSide({ floor, ours, unhashed }: Subjects, side: 'floor' | 'ours', scenario: Scenario) {
  const { work, requests, floorDoes, writes } = scenario;
  const limits = { requests, timeMs: roundTimeMs, concurrency };
  if (side === 'floor') return measureRound(floor, floorDoes ?? work, limits, writes);
  return measureRound(work === 'createBare' ? unhashed : ours, work, limits, writes);
}
