import type { Clock } from './clock.ts';
import type { Ask, Fate, Fault } from './fate.ts';
import type { InTurn } from './turns.ts';

/** How long a stalled run stands still: longer than any lease. */
const STALL_MS = 180_000;
/** What happens to messages and mails, and not to the run that sends them. */
const HARMLESS: ReadonlySet<Fault> = new Set(['message dropped', 'message doubled', 'mail refused']);

export type Step = <T>(ask: Ask, work: (fault: Fault | null) => Promise<T>) => Promise<T>;
export type Invocation = ReturnType<typeof openInvocation>;

/** One that runs alone, and of which nobody counts what it meets. */
export const openAlone = (clock: Clock, fate: Fate) =>
  openInvocation({ clock, fate, count: () => {}, inTurn: (work) => work(), onStall: () => {} });

/**
 * One run of the Worker. Whatever it asks of the world outside is a step, at which it may meet a fault; after a crash it
 * gets nothing done any more, though its code goes on.
 */
export function openInvocation(given: {
  readonly clock: Clock;
  readonly fate: Fate;
  readonly count: (what: string) => void;
  readonly inTurn: InTurn;
  /** Told when it begins to stall. */
  readonly onStall: () => void;
}) {
  const { clock, fate, count, inTurn, onStall } = given;
  const invocation = { dead: false, stalled: false, /** Whether it met a fault. */ touched: false, step };
  return invocation;

  async function step<T>(ask: Ask, work: (fault: Fault | null) => Promise<T>): Promise<T> {
    if (invocation.dead) crash();
    const fault = invocation.stalled ? null : fate(ask);
    if (fault !== null) count(`${ask}: ${fault}`);
    if (fault !== null && !HARMLESS.has(fault)) invocation.touched = true;
    if (fault === 'crash before') crash();
    if (fault === 'error before') throw new Error('Network connection lost.');
    if (fault === 'stall') await stall();
    const result = await inTurn(async () => (invocation.dead ? crash() : work(fault)));
    if (invocation.dead || fault === 'crash after') crash();
    if (fault === 'error after') throw new Error('Network connection lost.');
    return result;
  }

  async function stall(): Promise<void> {
    invocation.stalled = true;
    onStall();
    await clock.sleepUntil(clock.nowMs + STALL_MS);
    invocation.stalled = false;
  }

  function crash(): never {
    invocation.dead = true;
    throw new Error('crashed');
  }
}
