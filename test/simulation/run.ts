import { env } from 'cloudflare:workers';
import { readEnv } from '../../src/env.ts';
import { withCommonPasswords } from '../../src/http/routes/common-passwords.ts';
import { SCOPES } from '../../src/model/clients/scope.ts';
import { isCommonPassword } from '../../src/model/factors/common-passwords.ts';
import { takingTurns } from '../support/faults/turns.ts';
import { faultyWorld } from '../support/faults/world.ts';
import { makeClient } from '../support/world.ts';
import { callerOf } from './caller.ts';
import { beginFaults, endFaults } from './chaos.ts';
import { checkEvents } from './checks/events.ts';
import { checkMails } from './checks/mails.ts';
import { checkOrder, checkRows } from './checks/rows.ts';
import { checkStorage } from './checks/storage.ts';
import { heal } from './heal.ts';
import { identityProvider, reachingOnly } from './identity-provider.ts';
import { emptyModel } from './model.ts';
import { tryRefused } from './operations/identities.ts';
import { OPERATIONS } from './operations/index.ts';
import { expireInvitations } from './operations/invitations.ts';
import { makeReseller } from './operations/resellers.ts';
import { receivers } from './receivers.ts';
import { PASSWORD, type Simulation } from './simulation.ts';

const START_MS = Date.UTC(2026, 0, 5, 9);
const OPERATIONS_DONE = 40;
const AT_ONCE = 3;
/** By the clock, between one thing and the next. */
const PAUSES_MS = [0, 1_000, 30_000, 90_000, 600_000, 3_600_000];
/** Some find nothing to do. */
const ROUNDS_MAX = 200;

export type Outcome = {
  readonly findings: readonly string[];
  readonly trace: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
};

/** One seed's story: callers at work in a world that fails, the end of all faults, and whatever is not as it must be then. */
export async function simulate(seed: number): Promise<Outcome> {
  const hooks = receivers();
  const provider = await identityProvider();
  const settings = { oidcProvider: provider.setting };
  const world = faultyWorld(seed, START_MS, { network: hooks.network, turns: takingTurns, settings });
  let made = 0;
  const simulation: Simulation = {
    world,
    model: emptyModel(),
    receivers: hooks,
    provider,
    operator: callerOf(await makeClient(null, SCOPES)),
    callers: new Map(),
    trace: [],
    problems: [],
    busy: new Set(),
    unique: (word) => `${word}-${++made}`,
  };
  const { trace, problems } = simulation;
  // The first seed of an isolate would wait for this list, out of turn, and the next ones would not.
  await withCommonPasswords(readEnv(env), () => isCommonPassword(PASSWORD));
  try {
    await reachingOnly(provider, () => story(simulation));
    const findings = [
      ...problems,
      ...world.unprovoked.map((request) => `500 without a fault: ${request}`),
      ...(await checkRows(simulation.model)),
      ...(await checkOrder(world.clock.nowMs)),
      ...(await checkStorage(simulation.model)),
      ...(await checkMails(simulation)),
      ...(await checkEvents(simulation)),
    ];
    return { findings, trace, counts: world.counts };
  } catch (error) {
    return {
      findings: [...problems, error instanceof Error ? String(error.stack) : String(error)],
      trace,
      counts: world.counts,
    };
  }
}

async function story(simulation: Simulation): Promise<void> {
  const { world } = simulation;
  const { random } = world;
  await makeReseller(simulation);
  await makeReseller(simulation);
  beginFaults(world);
  for (let rounds = 0; rounds < ROUNDS_MAX && simulation.trace.length < OPERATIONS_DONE; rounds++) {
    const together = 1 + random.below(AT_ONCE);
    const work = Array.from({ length: together }, () => operate(simulation));
    await Promise.all(random.chance(0.5) ? [...work, world.advance(1_000)] : work);
    if (random.chance(0.1)) world.restart();
    if (random.chance(0.5)) await world.advance(random.pick(PAUSES_MS));
  }
  endFaults(world);
  await heal(simulation, START_MS);
  await expireInvitations(simulation);
  await tryRefused(simulation);
}

async function operate(simulation: Simulation): Promise<void> {
  const { model, busy, world } = simulation;
  const { random } = world;
  const free = [...model.resellers].filter(
    ([id, { row }]) => row['gone'] === 0 && !busy.has(id) && simulation.callers.has(id),
  );
  const group = random.weighed(Object.fromEntries(OPERATIONS.map(([weight], index) => [index, weight])));
  const operation = random.pick(OPERATIONS[Number(group)]![1]);
  const [resellerId] = free.length === 0 ? [] : random.pick(free);
  if (resellerId === undefined) return;
  busy.add(resellerId);
  await operation(simulation, resellerId).finally(() => busy.delete(resellerId));
}
