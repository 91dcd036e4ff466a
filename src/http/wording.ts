/** Why a right may not be given or taken over, in words that all dialects share; null: one in another reseller. */
export function grantRefused(scope: string | null): string {
  if (scope === null) return 'This user belongs to other tenants, too: only the operator can change its address.';
  return `Nobody can give or take over the right ${scope} without having it.`;
}
