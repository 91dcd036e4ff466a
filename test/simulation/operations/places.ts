import type { Caller } from '../caller.ts';
import type { Simulation } from '../simulation.ts';

export const v3Users = (resellerId: string) => `/v3/resellers/${resellerId}/users`;
export const accountUsers = (resellerId: string) => `/v1.0/accounts/${resellerId}/users`;
export const callerAt = ({ callers }: Simulation, resellerId: string): Caller => callers.get(resellerId)!;

export function organizationsAt({ model }: Simulation, resellerId: string): string[] {
  return [...model.organizations].filter(([, row]) => row['reseller_id'] === resellerId).map(([id]) => id);
}
