import { rows } from '../world.ts';
import type { Weights } from './behaviours.ts';
import { type Endpoint, makeEndpoint, makeReseller, operatorOf } from './endpoint.ts';
import { readFacts } from './facts.ts';
import { nothingFails, type Rates, randomFate } from './fate.ts';
import { traffic } from './traffic.ts';
import { faultyWorld, type World } from './world.ts';

const HOUR_MS = 3_600_000;
const SETTLED_WITHIN_HOURS = 10 * 24;

const FLAKY: Weights = {
  ok: 400,
  empty: 80,
  slow: 20,
  brokenBody: 40,
  endlessBody: 20,
  stalledBody: 2,
  failing: 100,
  failingBroken: 30,
  unavailable: 40,
  overloaded: 40,
  redirect: 40,
  reset: 3,
  cut: 3,
  garbage: 3,
  silent: 3,
  abort: 10,
};
const SOUND: Weights = { ok: 90, empty: 5, slow: 5 };
const DOWN: Weights = { failing: 1 };
const GONE: Weights = { gone: 1 };
const UNWILLING: Weights = { disable: 1 };

export const RATES: Rates = {
  database: { 'error before': 0.01, 'error after': 0.01, 'crash before': 0.005, 'crash after': 0.005 },
  queue: {
    'error before': 0.02,
    'error after': 0.02,
    'crash before': 0.01,
    'crash after': 0.01,
    'message dropped': 0.05,
    'message doubled': 0.05,
  },
  network: { 'crash before': 0.002, 'crash after': 0.002 },
};
const REDELIVERED = 0.05;

export type Plan = {
  readonly seed: number;
  readonly rates: Rates;
  /** Changes made in the beginning, in quick succession … */
  readonly changes: number;
  /** … and then a few every six hours. */
  readonly days: number;
};

/**
 * Everything goes wrong that can: at first with much traffic, then for days with little, in which one receiver stays
 * down and others want nothing more. Then the faults end, endpoints that are off are switched on again, and each
 * recovers what it missed.
 */
export async function badDays({ seed, rates, changes, days }: Plan) {
  const world = faultyWorld(seed, Date.now());
  const since = new Date(world.clock.nowMs).toISOString();
  const cast = await makeCast(world);
  const { work, told } = traffic(world, cast.resellers);

  world.fate = randomFate(world.random, rates);
  world.redelivered = REDELIVERED;
  for (let done = 0; done < changes; done += 45) await Promise.all([work(45), world.advance(20_000)]);
  for (let hour = 0; hour < 24 * days; hour += 2) {
    if (hour % 6 === 0) await work(6);
    await world.advance(2 * HOUR_MS);
  }

  world.fate = nothingFails;
  world.redelivered = 0;
  for (const { place } of cast.endpoints) await place.answer({ script: null });
  await settle(world);
  const unrecovered = await readFacts(world, cast.endpoints);
  for (const endpoint of cast.endpoints) await recover(endpoint, since);
  await settle(world);
  return { world, told, unrecovered, recovered: await readFacts(world, cast.endpoints), ...cast };
}

/** Three resellers and the operator, and endpoints that ask for all or for little and sign one way or the other. */
async function makeCast(world: World) {
  const operator = await operatorOf(world);
  const make = () => makeReseller(world, operator);
  const [a, b, c] = [await make(), await make(), await make()];
  const organization = (what: string) => `reseller.organization.${what}`;
  const whsec = () =>
    `whsec_${Buffer.from(Array.from({ length: 32 }, () => world.random.below(256))).toString('base64')}`;
  const down = await makeEndpoint(world, b, { events: [organization('deleted')], token: 'whsec', script: DOWN });
  const gone = await makeEndpoint(world, c, { events: [organization('updated')], token: whsec(), script: GONE });
  const unwilling = await makeEndpoint(world, c, {
    events: [organization('deleted')],
    token: 'plain',
    script: UNWILLING,
  });
  const few = [organization('updated'), 'webhook.disabled'];
  const endpoints = [
    await makeEndpoint(world, operator, { events: ['*'], token: whsec(), script: FLAKY }),
    await makeEndpoint(world, operator, { events: few, token: 'plain', script: FLAKY }),
    await makeEndpoint(world, a, { events: ['*'], token: 'plain, not ASCII: ü', script: FLAKY }),
    await makeEndpoint(world, a, { events: [organization('created')], token: whsec(), script: SOUND }),
    await makeEndpoint(world, b, { events: ['*'], token: whsec(), script: FLAKY }),
    await makeEndpoint(world, c, { events: ['*'], token: 'plain too', script: FLAKY }),
    down,
    gone,
    unwilling,
  ];
  return { endpoints, down, unwilling: [gone, unwilling], resellers: [a, b, c] };
}

/** Lets time pass until nothing is under way any more. */
export async function settle(world: World): Promise<void> {
  await world.advance(60_000);
  for (let hours = 0; hours < SETTLED_WITHIN_HOURS; hours++) {
    const [left] = await rows<{ count: number }>(
      `select (select count(*) from events where relay_at is not null)
        + (select count(*) from webhook_deliveries where state = 'pending'
          and endpoint_id in (select id from webhook_endpoints where enabled))
        + (select count(*) from webhook_recoveries where cursor < upto)
        + (select count(*) from organizations where deleted_at is not null and user_count > 0) as count`,
    );
    if (left?.count === 0 && world.isQuiet()) return;
    await world.advance(HOUR_MS);
  }
  throw new Error('it does not settle');
}

async function recover({ id, owner }: Endpoint, since: string): Promise<void> {
  await owner.client.send('PATCH', `/v3/webhooks/${id}`, { enabled: true });
  const { status } = await owner.client.send('POST', `/v3/webhooks/${id}/recover`, { since });
  if (status !== 201) throw new Error(`no recovery: ${status}`);
}
