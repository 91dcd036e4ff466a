import { sha256 } from '../../src/auth/digest.ts';
import { scopesWithin } from '../../src/model/scope.ts';

/** What the database keeps of a client's secret. */
export const hashSecret = (secret: string): Promise<string> => sha256(secret);

/** Every scope that a client of this reseller (null: of the operator) may hold, as the database keeps them. */
export function allScopes(resellerId: string | null): string {
  return scopesWithin(resellerId).join(' ');
}
