import { setTimeout as sleep } from 'node:timers/promises';

/** Rows of `webhook_deliveries` by state. */
export type DeliveryRows = { delivered: number; pending: number; dead: number };

/** An outcome may be written a while after the receipt. */
const settleTimeMs = 5_000;
const pollMs = 50;

/** Counts the deliveries as soon as so many have succeeded, or when that takes too long. */
export async function settledRows(db: D1Database, delivered: number): Promise<DeliveryRows> {
  const deadline = Date.now() + settleTimeMs;
  for (;;) {
    const rows = await countRows(db);
    if (rows.delivered >= delivered || Date.now() >= deadline) return rows;
    await sleep(pollMs);
  }
}

async function countRows(db: D1Database): Promise<DeliveryRows> {
  const { results } = await db
    .prepare('select state, count(*) as count from webhook_deliveries group by state')
    .all<{ state: string; count: number }>();
  const counted = new Map(results.map(({ state, count }) => [state, count]));
  const of = (state: string) => counted.get(state) ?? 0;
  return { delivered: of('delivered'), pending: of('pending'), dead: of('dead') };
}
