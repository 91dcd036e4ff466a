import { sha256 } from '../../src/auth/secrets/digest.ts';
import { scopesWithin } from '../../src/model/clients/scope.ts';
import { Complaint } from './complaint.ts';

/** What the database keeps of a client's secret. */
export const hashSecret = (secret: string): Promise<string> => sha256(secret);

/** Every scope that a client of this reseller (null: of the operator) may hold, as the database keeps them. */
export function allScopes(resellerId: string | null): string {
  return scopesWithin(resellerId).join(' ');
}

/** Those of them that a client is to have (`wanted`, separated by spaces; null: all). Throws a Complaint that names the others. */
export function scopesFor(resellerId: string | null, wanted: string | null): string {
  if (wanted === null) return allScopes(resellerId);
  const possible: readonly string[] = scopesWithin(resellerId);
  const names = wanted.split(/\s+/).filter(Boolean);
  const wrong = names.filter((name) => !possible.includes(name));
  if (wrong.length === 0 && names.length > 0) return possible.filter((scope) => names.includes(scope)).join(' ');
  const whose = resellerId === null ? 'the operator' : 'a reseller';
  throw new Complaint(
    `A client of ${whose} cannot have ${wrong.join(', ') || 'no scope'}; it can have ${possible.join(', ')}.`,
  );
}
