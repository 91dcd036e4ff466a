import { setTimeout as sleep } from 'node:timers/promises';
import { type DeliveryScenario, deliveryScenarios } from './delivery-scenarios.ts';
import { addEndpoints, commitEvents, scopes } from './load/announce.ts';
import { type Received, type Receiver, startReceiver } from './load/receiver.ts';
import { type DeliveryRows, settledRows } from './reports/delivery-rows.ts';
import type { Bundle } from './servers/bundle.ts';
import { type Launched, launchOurs } from './servers/launch.ts';
import { cpuMsWhenIdle } from './servers/process.ts';

/** One repetition of a scenario: from its first request to its last answer, and to its last receipt. */
export type Turn = { committedMs: number; drainedMs: number };

/** What came of a scenario; turns that its time did not suffice for are missing. */
export type Delivered = { scenario: DeliveryScenario; turns: Turn[]; received: Received; rows: DeliveryRows };

/** A scenario ends after this even if deliveries are missing. */
const scenarioTimeMs = 180_000;
/** A queue waits up to a second for its batch to fill. */
const queueRestMs = 1_500;
const pollMs = 20;

/** Runs every scenario on a Worker and a receiver of its own. */
export async function measureDeliveries(code: Bundle): Promise<Delivered[]> {
  const measured: Delivered[] = [];
  for (const scenario of deliveryScenarios) {
    const receiver = await startReceiver();
    try {
      const launched = await launchOurs(code, scopes, { DEVELOPMENT: 'true' });
      try {
        measured.push(await measureScenario(launched, receiver, scenario));
      } finally {
        await launched.running.stop();
      }
    } finally {
      await receiver.stop();
    }
  }
  return measured;
}

async function measureScenario(launched: Launched, receiver: Receiver, scenario: DeliveryScenario): Promise<Delivered> {
  const { pid, db } = launched.running;
  await addEndpoints(launched, receiver, scenario);
  await sleep(queueRestMs);
  await cpuMsWhenIdle(pid);
  const deliveriesPerTurn = scenario.live * scenario.events;
  const deadline = Date.now() + scenarioTimeMs;
  const turns: Turn[] = [];
  while (turns.length < scenario.turns && Date.now() < deadline) {
    const start = Date.now();
    await commitEvents(launched, scenario, deadline - start);
    const committedMs = Date.now() - start;
    const lastAt = await drain(receiver, (turns.length + 1) * deliveriesPerTurn, deadline);
    turns.push({ committedMs, drainedMs: lastAt - start });
  }
  const rows = await settledRows(db, turns.length * deliveriesPerTurn);
  return { scenario, turns, received: await receiver.received(), rows };
}

/** Waits until so many deliveries have arrived or the deadline has come, and says when the last one came. */
async function drain(receiver: Receiver, expected: number, deadline: number): Promise<number> {
  for (;;) {
    const { distinct, lastAt } = await receiver.progress();
    if (distinct >= expected) return lastAt;
    if (Date.now() >= deadline) return deadline;
    await sleep(pollMs);
  }
}
