/** Why a right may not be given or taken over, in words that all dialects share; null: one in another reseller. */
export function grantRefused(scope: string | null): string {
  if (scope === null) return 'This user has rights in other tenants that you have not got here.';
  return `Nobody can give or take over the right ${scope} without having it.`;
}
