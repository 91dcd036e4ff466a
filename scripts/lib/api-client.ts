import { sha256 } from '../../src/auth/secrets/digest.ts';
import { availableScopes } from '../../src/model/clients/scope.ts';
import { CommandError } from './command-error.ts';

export const hashSecret = (secret: string): Promise<string> => sha256(secret);

export function allScopes(resellerId: string | null): string {
  return availableScopes(resellerId).join(' ');
}

/** `wanted` null: all. Throws a Complaint that names unavailable scopes. */
export function scopesFor(resellerId: string | null, wanted: string | null): string {
  if (wanted === null) return allScopes(resellerId);
  const possible: readonly string[] = availableScopes(resellerId);
  const names = wanted.split(/\s+/).filter(Boolean);
  const wrong = names.filter((name) => !possible.includes(name));
  if (wrong.length === 0 && names.length > 0) return possible.filter((scope) => names.includes(scope)).join(' ');
  const whose = resellerId === null ? 'the operator' : 'a reseller';
  throw new CommandError(
    `A client of ${whose} cannot have ${wrong.join(', ') || 'no scope'}; it can have ${possible.join(', ')}.`,
  );
}
