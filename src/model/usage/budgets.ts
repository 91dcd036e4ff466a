export type Budgets = { readonly bytesPerDay: number; readonly emailsPerDay: number };

export const BUDGETS = ['tenant_requests', 'tenant_writes', 'heavy_reads', 'bytes', 'emails'] as const;
export type Budget = (typeof BUDGETS)[number];

export function isBudget(of: string): of is Budget {
  return BUDGETS.some((name) => name === of);
}

export const DAY_MS = 24 * 60 * 60 * 1000;

export function startOfDay(now: number): number {
  return now - (now % DAY_MS);
}

export function startOfNextDay(now: number): number {
  return startOfDay(now) + DAY_MS;
}
