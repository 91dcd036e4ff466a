import { env } from 'cloudflare:workers';
import type { Call } from '../../../src/db/call.ts';
import type { Background } from '../../../src/delivery/background.ts';
import { consume } from '../../../src/delivery/consume.ts';
import { relay, wake } from '../../../src/delivery/relay.ts';
import { type Env, readEnv } from '../../../src/env.ts';
import { openExchange } from '../../../src/http/exchange.ts';
import { runJobs } from '../../../src/jobs/index.ts';
import { respond } from '../../../src/routes.ts';
import { virtualClock } from './clock.ts';
import { faultyDatabase } from './database.ts';
import { type Fate, nothingFails } from './fate.ts';
import { type Invocation, openInvocation } from './invocation.ts';
import { impatientFetch, type Sent } from './network.ts';
import { type Message, type SimulatedQueue, simulatedQueues } from './queue.ts';
import { seeded } from './random.ts';

const CRON_MS = 60_000;
/** Batches that are consumed at once. */
const CONSUMERS = 6;

export type World = ReturnType<typeof faultyWorld>;

/**
 * The Worker in a world whose clock, queues and faults a seed decides; database and network are the real ones. Wired as
 * in src/index.ts, but each run of it gets bindings of its own, which fail as `fate` says.
 */
export function faultyWorld(seed: number, startMs: number) {
  const random = seeded(seed);
  const clock = virtualClock(startMs, random);
  const bindings = readEnv(env);
  const sent: Sent[] = [];
  const counts: Record<string, number> = {};
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const queues = simulatedQueues({ clock, random, count });
  const queueOf = (name: string): SimulatedQueue => queues.get(name)!;
  const running = new Set<Invocation>();
  let lastCron = startMs;

  const world = {
    clock,
    random,
    counts,
    sent,
    fate: nothingFails as Fate,
    /** How often the platform delivers a batch twice. */
    redelivered: 0,
    fetch: answer,
    advance,
    isQuiet: () => running.size === 0,
  };
  return world;

  /** Runs the Worker once. Ends when its main work does; what that detached goes on, as `waitUntil` lets it. */
  async function run<T>(work: (background: Background) => Promise<T>, mayStall = true): Promise<T> {
    const fate: Fate = (ask) => {
      const fault = world.fate(ask);
      return fault === 'stall' && !mayStall ? null : fault;
    };
    const invocation = openInvocation(clock, fate, count);
    const detached: Promise<void>[] = [];
    running.add(invocation);
    try {
      const result = await work(backgroundOf(invocation, (promise) => void detached.push(promise.catch(() => {}))));
      if (invocation.dead) throw new Error('crashed');
      return result;
    } finally {
      void Promise.all(detached).then(() => running.delete(invocation));
    }
  }

  function backgroundOf(invocation: Invocation, detach: Background['detach']): Background {
    const { step } = invocation;
    const faulty = {
      ...bindings,
      database: faultyDatabase(bindings.database, step),
      events: queueOf('reseller-edge-events').producer(step),
      webhooks: queueOf('reseller-edge-webhooks').producer(step),
    } as unknown as Env;
    return {
      env: faulty,
      session: faulty.database,
      now: () => clock.nowMs,
      newId: clock.newId,
      random: random.next,
      fetch: impatientFetch(invocation, { clock, random, sent }),
      pause: async () => {},
      detach,
    };
  }

  /** The answer to a request at the front door. */
  function answer(path: string, init: RequestInit): Promise<Response> {
    const request = new Request(`https://edge.test${path}`, init);
    return run(({ env, newId, detach }) => {
      const committed = ({ raised, wakes }: Pick<Call, 'raised' | 'wakes'>) => {
        if (raised.length > 0) detach(relay(env, raised));
        if (wakes.length > 0) detach(wake(env, wakes));
      };
      return respond(
        openExchange(env, request, { now: clock.nowMs, clock: () => clock.nowMs, newId, committed, outlive: () => {} }),
      );
    }, false);
  }

  /** Lets time pass, and then all happen that is due: cron, and every message until none is left. */
  async function advance(byMs: number): Promise<void> {
    clock.advanceTo(clock.nowMs + byMs);
    if (clock.nowMs - lastCron >= CRON_MS) {
      lastCron = clock.nowMs;
      void run((background) => runJobs(background, '* * * * *')).catch(() => count('cron: failed'));
    }
    do {
      for (const queue of random.shuffled([...queues.values()])) {
        for (const batch of queue.takeDue()) {
          await atMostBusy(CONSUMERS - 1);
          void deliver(queue, batch);
        }
      }
      await atMostBusy(0);
    } while ([...queues.values()].some((queue) => queue.isDue()));
  }

  async function deliver(queue: SimulatedQueue, messages: readonly Message[]): Promise<void> {
    const { retries, retrySeconds } = queue.settings;
    const again = (message: Message) => {
      const target = message.tries < retries ? queue : queueOf('reseller-edge-dead');
      if (target !== queue) count('batch: given up');
      target.put({ ...message, dueAt: clock.nowMs + retrySeconds * 1000, tries: message.tries + 1 });
    };
    if (random.chance(world.redelivered)) {
      count('batch: delivered twice');
      for (const message of messages) queue.put(message);
    }
    const batch = { queue: queue.name, messages } as unknown as MessageBatch;
    await run((background) => consume(background, batch)).catch(() => {
      count('batch: failed');
      for (const message of messages) again(message);
    });
  }

  /** Waits until no more runs than these are busy. One that stalls is not waited for. */
  async function atMostBusy(most: number): Promise<void> {
    while ([...running].filter(({ stalled }) => !stalled).length > most) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
