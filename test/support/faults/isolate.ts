import { AsyncLocalStorage } from 'node:async_hooks';
import type { Env } from '../../../src/env.ts';
import { faultyBlobs } from './blobs.ts';
import { faultyDatabase } from './database.ts';
import type { Invocation, Step } from './invocation.ts';
import type { mailService } from './mail-service.ts';
import type { SimulatedQueue } from './queue.ts';

/** The run of the Worker that the code at hand belongs to, whatever it awaits. */
export const invocations = new AsyncLocalStorage<Invocation>();

function current(): Invocation {
  const invocation = invocations.getStore();
  if (invocation === undefined) throw new Error('nobody runs this');
  return invocation;
}

/**
 * The bindings of one isolate, each use of which is a step of the run that makes it. What the Worker remembers, it remembers
 * by these: another isolate has forgotten it.
 */
export function openIsolate(
  bindings: Env,
  queueOf: (name: string) => SimulatedQueue,
  mails: ReturnType<typeof mailService>,
): Env {
  const step: Step = (ask, work) => current().step(ask, work);
  return {
    ...bindings,
    database: faultyDatabase(bindings.database, step),
    blobs: faultyBlobs(bindings.blobs, step),
    events: queueOf('reseller-edge-events').producer(step),
    tasks: queueOf('reseller-edge-tasks').producer(step),
    emails: queueOf('reseller-edge-emails').producer(step),
    email: mails.binding(step, current),
    smtp: null,
  } as unknown as Env;
}
