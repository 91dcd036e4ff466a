import { CommandError } from '../command-error.ts';
import { migrationNames } from './schema.ts';

/** Refuses what an earlier version has made, by the migrations that were applied to it: none of ours goes on from there. */
export function refuseOlder(applied: readonly string[], complaint: string): void {
  const ours = new Set(migrationNames());
  if (applied.some((name) => !ours.has(name))) throw new CommandError(complaint);
}
