import { env } from 'cloudflare:workers';
import { queueEmails, relay, sendTasks } from '../../../src/delivery/relay.ts';
import type { WorkerContext } from '../../../src/delivery/worker-context.ts';
import { type Env, readEnv } from '../../../src/env.ts';
import { type FollowUp, openRequestContext } from '../../../src/http/request-context.ts';
import { runJobs } from '../../../src/jobs/index.ts';
import { respond } from '../../../src/respond.ts';
import { deliveringTo } from './batches.ts';
import { type Clock, virtualClock } from './clock.ts';
import { openCrew } from './crew.ts';
import { type Fate, nothingFails } from './fate.ts';
import { type Invocation, openInvocation } from './invocation.ts';
import { invocations, openIsolate } from './isolate.ts';
import { mailService } from './mail-service.ts';
import { impatientFetch, type Sent } from './network.ts';
import { type SimulatedQueue, simulatedQueues } from './queue.ts';
import { type Random, seeded } from './random.ts';
import { atOnce, type InTurn } from './turns.ts';

const CRON_MS = 60_000;
/** Batches that are consumed at once. */
const CONSUMERS = 6;

export type World = ReturnType<typeof faultyWorld>;
export type Network = (
  invocation: Invocation,
  given: { readonly clock: Clock; readonly random: Random; readonly sent: Sent[] },
) => typeof fetch;
type Options = {
  readonly network?: Network;
  readonly turns?: (random: Random) => InTurn;
  readonly settings?: Partial<Env>;
};
type Detach = WorkerContext['detach'];

/**
 * The Worker in a world whose clock, queues, mails and faults a seed decides; database and bucket are the real ones, and so
 * is the network unless another is given. Wired as in src/index.ts, but whatever it asks of its bindings fails as `fate` says.
 */
export function faultyWorld(seed: number, startMs: number, options: Options = {}) {
  const { network = impatientFetch, turns = () => atOnce, settings = {} } = options;
  const random = seeded(seed);
  const clock = virtualClock(startMs, random);
  const inTurn = turns(random);
  const bindings = { ...readEnv(env), ...settings };
  const mails = mailService(clock);
  const sent: Sent[] = [];
  const counts: Record<string, number> = {};
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const queues = simulatedQueues({ clock, random, count });
  const queueOf = (name: string): SimulatedQueue => queues.get(name)!;
  const deliver = deliveringTo(runBehind, { clock, random, count, queueOf });
  const crew = openCrew();
  const newIsolate = () => openIsolate(bindings, queueOf, mails);
  let isolate = newIsolate();
  let lastCron = startMs;

  const world = {
    clock,
    random,
    counts,
    sent,
    mails,
    /** Answers of 500 and more to requests that met no fault. */
    unprovoked: [] as string[],
    fate: nothingFails as Fate,
    /** How often the platform delivers a batch twice, skips a run of cron, and makes two of one. */
    redelivered: 0,
    cronSkipped: 0,
    cronDoubled: 0,
    fetch: answer,
    /** Real work beside the Worker's, such as a look into the database, in its turn. */
    aside: inTurn,
    advance,
    isQuiet: crew.isQuiet,
    /** Another isolate takes over, which has forgotten what this one knew. */
    restart() {
      isolate = newIsolate();
    },
  };
  return world;

  /** Runs the Worker once. Ends when its main work does; what that detached goes on, as `waitUntil` lets it. */
  async function run<T>(work: (env: Env, detach: Detach) => Promise<T>, invocation: Invocation): Promise<T> {
    const detached: Promise<void>[] = [];
    crew.join(invocation);
    try {
      const detach: Detach = (promise) => void detached.push(promise.catch(() => {}));
      const result = await invocations.run(invocation, () => work(isolate, detach));
      if (invocation.dead) throw new Error('crashed');
      return result;
    } finally {
      void Promise.all(detached).then(() => crew.leave(invocation));
    }
  }

  function newRun(mayStall = true): Invocation {
    const fate: Fate = (ask) => {
      const fault = world.fate(ask);
      return fault === 'stall' && !mayStall ? null : fault;
    };
    return openInvocation({ clock, fate, count, inTurn, onStall: crew.notice });
  }

  /** Work that no request waits for. */
  function runBehind(work: (worker: WorkerContext) => Promise<void>): Promise<void> {
    const invocation = newRun();
    const fetch = network(invocation, { clock, random, sent });
    const given = { now: () => clock.nowMs, newId: clock.newId, random: random.next, fetch, pause: async () => {} };
    return run((env, detach) => work({ env, db: env.database, ...given, detach }), invocation);
  }

  /** The answer to a request at the front door. */
  async function answer(path: string, init: RequestInit): Promise<Response> {
    const request = new Request(`https://edge.localhost${path}`, init);
    const invocation = newRun(false);
    const response = await run((env, detach) => {
      const runAfterCommit = ({ eventIds, tasks, emailIds, mail }: FollowUp) => {
        if (eventIds.length > 0) detach(relay(env, eventIds));
        if (tasks.length > 0) detach(sendTasks(env, tasks));
        if (emailIds?.length) detach(queueEmails(env, emailIds));
        if (mail) detach(mail.then((id) => queueEmails(env, [id])));
      };
      const waitUntil = (work: Promise<unknown>) => detach(work.then(() => {}));
      const given = { now: clock.nowMs, clock: () => clock.nowMs, newId: clock.newId, runAfterCommit, waitUntil };
      return respond(openRequestContext(env, request, given));
    }, invocation);
    if (response.status >= 500 && !invocation.touched) world.unprovoked.push(`${init.method} ${path}`);
    return response;
  }

  /** Lets time pass, and then all happen that is due: cron, and every message until none is left. */
  async function advance(byMs: number): Promise<void> {
    clock.advanceTo(clock.nowMs + byMs);
    if (clock.nowMs - lastCron >= CRON_MS) {
      lastCron = clock.nowMs;
      const times = random.chance(world.cronSkipped) ? 0 : random.chance(world.cronDoubled) ? 2 : 1;
      if (times !== 1) count(`cron: ${times === 0 ? 'skipped' : 'doubled'}`);
      for (let time = 0; time < times; time++)
        void runBehind((worker) => runJobs(worker, '* * * * *')).catch(() => count('cron: failed'));
    }
    do {
      for (const queue of random.shuffled([...queues.values()])) {
        for (const batch of queue.takeDue()) {
          await crew.atMostBusy(CONSUMERS - 1);
          void deliver(queue, batch, world.redelivered);
        }
      }
      await crew.atMostBusy(0);
    } while ([...queues.values()].some((queue) => queue.isDue()));
  }
}
