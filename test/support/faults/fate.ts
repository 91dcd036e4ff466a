import type { Random } from './random.ts';

/** What a run of the Worker asks of the world outside. */
export type Ask = 'database' | 'queue' | 'network' | 'blobs' | 'mail';
/** What may go wrong with it: an error or a crash, before it took effect or after; and what only messages and mails suffer. */
export type Fault =
  | 'error before'
  | 'error after'
  | 'crash before'
  | 'crash after'
  | 'stall'
  | 'message dropped'
  | 'message doubled'
  | 'mail refused';
/** Says for each step whether something goes wrong with it. */
export type Fate = (ask: Ask) => Fault | null;

export type Rates = Readonly<Partial<Record<Ask, Readonly<Partial<Record<Fault, number>>>>>>;

export const nothingFails: Fate = () => null;

export function randomFate(random: Random, rates: Rates): Fate {
  return (ask) => {
    const own = rates[ask] ?? {};
    const sum = Object.values(own).reduce((total, rate) => total + rate, 0);
    return random.chance(sum) ? random.weighed(own) : null;
  };
}

/**
 * Goes wrong once, at the step of this number (from 1); errors of the network are the receivers' own affair. `reached`
 * says whether there was such a step.
 */
export function failsAt(step: number, fault: Fault) {
  let steps = 0;
  const fate: Fate = (ask) => {
    steps += 1;
    const applies = ask !== 'network' || !fault.startsWith('error');
    return steps === step && applies ? fault : null;
  };
  return { fate, reached: () => steps >= step };
}
