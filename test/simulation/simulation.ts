import type { World } from '../support/faults/world.ts';
import type { Caller } from './caller.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { acceptedBy, type Model, resellersOf, type User } from './model.ts';
import type { receivers } from './receivers.ts';

/** A world, what must be in it, and whoever acts on it. */
export type Simulation = {
  readonly world: World;
  readonly model: Model;
  readonly receivers: ReturnType<typeof receivers>;
  readonly provider: IdentityProvider;
  readonly operator: Caller;
  /** Of resellers, by their ids. */
  readonly callers: Map<string, Caller>;
  /** What was done, a line each. */
  readonly trace: string[];
  /** Answers that nothing explains. */
  readonly problems: string[];
  /** Resellers at which somebody is at work. */
  readonly busy: Set<string>;
  readonly unique: (word: string) => string;
};

/** Something to do at a reseller, which nobody else is at work at meanwhile. */
export type Operation = (simulation: Simulation, resellerId: string) => Promise<void>;

/** The text of a new password, which meets every rule. */
export const PASSWORD = 'Correct-horse-7';

/** Users whose own reseller this is. */
export function usersAt({ model }: Simulation, resellerId: string): [string, User][] {
  return [...model.users].filter(([, { row }]) => row['reseller_id'] === resellerId);
}

/** Links that came by mail to whoever has this address now, the oldest first. */
export function linksOf({ world }: Simulation, { row }: User): string[] {
  const own = world.mails.taken.filter(({ to }) => to === row['email']);
  return own.flatMap(({ text }) => /\/activate#([\w-]+)/.exec(text)?.[1] ?? []);
}

/** One of the list, or undefined where it is empty. */
export function oneOf<T>({ world }: Simulation, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : world.random.pick(items);
}

/** Does it while nobody is at work at these other resellers; not at all where somebody is. */
export async function holding(
  simulation: Simulation,
  others: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const { busy } = simulation;
  if (others.some((id) => busy.has(id))) return;
  for (const id of others) busy.add(id);
  try {
    await work();
  } finally {
    for (const id of others) busy.delete(id);
  }
}

/** The resellers beside this one that a user is a member of or invited by. */
export const elsewhere = ({ model }: Simulation, userId: string, resellerId: string) =>
  resellersOf(model, userId).filter((id) => id !== resellerId);

/** Whether a reseller beside the user's own one has its accepted membership, so that its own one is no longer its master. */
export const belongsElsewhere = ({ model }: Simulation, userId: string) => acceptedBy(model, userId).length > 1;
