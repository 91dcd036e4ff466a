import { sha256 } from '../../../src/auth/secrets/digest.ts';
import { availableScopes } from '../../../src/model/clients/scope.ts';
import { CommandError } from '../command-error.ts';

export const hashSecret = (secret: string): Promise<string> => sha256(secret);

export function allScopes(resellerId: string | null): string {
  return availableScopes(resellerId).join(' ');
}

/** `wanted` null: all. Throws a Complaint that names unavailable scopes. */
export function scopesFor(resellerId: string | null, requested: string | null): string {
  if (requested === null) return allScopes(resellerId);
  const available: readonly string[] = availableScopes(resellerId);
  const names = requested.split(/\s+/).filter(Boolean);
  const unavailable = names.filter((name) => !available.includes(name));
  if (unavailable.length === 0 && names.length > 0) return available.filter((scope) => names.includes(scope)).join(' ');
  const owner = resellerId === null ? 'the operator' : 'a reseller';
  throw new CommandError(
    `A client of ${owner} cannot have ${unavailable.join(', ') || 'no scope'}; it can have ${available.join(', ')}.`,
  );
}
