import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { fanOut } from '../../src/delivery/fanout.ts';
import { recover } from '../../src/delivery/recovery-scan.ts';
import type { WorkerContext } from '../../src/delivery/worker-context.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { audit, lostWithoutTrace, nothingWrong } from '../support/faults/audit.ts';
import { behaviours } from '../support/faults/behaviours.ts';
import { makeEndpoint, makeReseller, operatorOf } from '../support/faults/endpoint.ts';
import { type Facts, readFacts } from '../support/faults/facts.ts';
import { type Fault, failsAt, nothingFails } from '../support/faults/fate.ts';
import { badDays, RATES, settle } from '../support/faults/scenario.ts';
import { traffic } from '../support/faults/traffic.ts';
import { faultyWorld } from '../support/faults/world.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterAll(() => {
  vi.restoreAllMocks();
});

async function emptyDatabase() {
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
}

const withStalls = { ...RATES, database: { ...RATES.database, stall: 0.01 } };
const planned = Object.entries(RATES).flatMap(([ask, rates]) => Object.keys(rates).map((fault) => `${ask}: ${fault}`));
const everything = [
  ...planned,
  'batch: failed',
  'batch: delivered twice',
  'batch: disordered',
  'cron: failed',
  ...Object.keys(behaviours),
];
const runs = [
  { name: 'six bad days', seed: 1, rates: RATES, changes: 1840, days: 6, events: 2000, faults: everything },
  {
    name: 'a day of stalls',
    seed: 2,
    rates: withStalls,
    changes: 270,
    days: 1,
    events: 300,
    faults: ['database: stall'],
  },
];

describe.each(runs)('$name, seed $seed', (plan) => {
  let run: Awaited<ReturnType<typeof badDays>>;
  let facts: Facts;
  let findings: ReturnType<typeof audit>;

  beforeAll(async () => {
    await emptyDatabase();
    run = await badDays(plan);
    facts = run.recovered;
    findings = audit(facts);
  }, 300_000);

  test('every event was acknowledged at least once by every endpoint that asked for it', () => {
    expect(facts.events.length).toBeGreaterThanOrEqual(plan.events);
    expect(findings.missing).toEqual([]);
  });

  test('before any recovery, only what the log gives up or what came while its endpoint was off is missing', () => {
    expect(lostWithoutTrace(run.unrecovered)).toEqual([]);
  });

  test('no endpoint was sent what it did not ask for, what is not the event, or a redirected request', () => {
    expect(findings.astray).toEqual([]);
    expect(findings.foreign).toEqual([]);
  });

  test('every request is signed, by Standard Webhooks or as an HMAC of its body', () => {
    expect(findings.unsigned).toEqual([]);
  });

  test('in the end each event has one delivered row for each endpoint, with an attempt that says so', () => {
    expect(findings.unsettled).toEqual([]);
    expect(findings.unasked).toEqual([]);
    expect(findings.miscounted).toEqual([]);
  });

  test('the log says what receivers did, and leaves out only what a fault cut off', () => {
    expect(findings.invented).toEqual([]);
    expect(findings.unlogged).toEqual([]);
  });

  test('an event comes again after its acknowledgement only where something went wrong', () => {
    expect(findings.repeated).toEqual([]);
  });

  test('no receiver has more than six requests open at once', () => {
    expect(findings.crowded).toEqual([]);
  });

  test('a caller that repeats what failed has made each change once, with one event', () => {
    const subjects = (what: string) =>
      facts.events.filter(({ type }) => type === `reseller.organization.${what}`).map(({ subject }) => subject);
    expect(subjects('created').sort()).toEqual(run.told.created.sort());
    expect(subjects('deleted').sort()).toEqual(run.told.deleted.sort());
    expect(new Set(subjects('updated'))).toEqual(new Set(run.told.updated));
  });

  test('endpoints that wanted nothing more, and the one that was down for five days, were suspended once', () => {
    const disabled = facts.events.filter(({ type }) => type === 'webhook.disabled').map(({ subject }) => subject);
    const hopeless = [...run.unwilling, ...(plan.days > 5 ? [run.down] : [])];
    expect(disabled.sort()).toEqual(hopeless.map(({ id }) => id).sort());
  });

  test('what was to go wrong really did', () => {
    const behaved = facts.sides.flatMap(({ seen }) => seen.map(({ did }) => String(did)));
    const happened = new Set([...Object.keys(facts.world.counts), ...behaved]);
    expect(plan.faults.filter((fault) => !happened.has(fault))).toEqual([]);
  });
});

describe('one event, and one fault on its way', () => {
  beforeEach(emptyDatabase);

  const faults: Fault[] = ['error before', 'error after', 'crash before', 'crash after', 'stall'];
  test.each(faults)('it arrives, whichever step meets it: %s', { timeout: 120_000 }, async (fault) => {
    const world = faultyWorld(3, Date.now());
    const owner = await makeReseller(world, await operatorOf(world));
    const endpoint = await makeEndpoint(world, owner, { events: ['*'], token: 'plain' });
    const { work } = traffic(world, [owner]);
    for (let step = 1; ; step++) {
      const plan = failsAt(step, fault);
      await endpoint.place.answer({ script: { seed: step, weights: { failing: 1 } } });
      world.fate = plan.fate;
      await work(1);
      await world.advance(0);
      await world.advance(60_000);
      world.fate = nothingFails;
      await endpoint.place.answer({ script: null });
      await settle(world);
      const found = { step, ...audit(await readFacts(world, [endpoint])) };
      expect(found).toEqual({ step, ...nothingWrong });
      if (!plan.reached()) return expect(step).toBeGreaterThan(15);
    }
  });
});

test('an endpoint that is switched on and recovers while an event is fanned out gets that event too', async () => {
  const { worker, clock, sent } = stoppedWorld();
  const { api, endpoint, eventId, delivery } = await makePending();
  const path = `/v3/webhooks/${endpoint.id}`;
  await api.patch(path, { enabled: false });
  let batches = 0;
  const batch = async (statements: D1PreparedStatement[]) => {
    batches += 1;
    if (batches === 2) {
      await api.patch(path, { enabled: true });
      const { body } = await api.post(`${path}/recover`, { since: new Date(Date.now() - 86_400_000).toISOString() });
      await recover(worker, body.id);
    }
    return env.DB.batch(statements);
  };
  const late = { ...worker, db: { prepare: env.DB.prepare.bind(env.DB), batch } } as unknown as WorkerContext;
  await fanOut(late, [eventId]);
  expect(batches).toBe(2);
  clock.nowMs += 24 * 3_600_000;
  await runJobs(worker, '* * * * *');
  const again = sent.events.map(({ body }) => body['eventId']!);
  await fanOut(worker, again);
  expect(await delivery()).toMatchObject({ state: 'pending' });
});
