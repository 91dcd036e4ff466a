import type { Env } from '../../env.ts';
import { refuse } from '../../model/failure.ts';
import { HEAVY_READ_MAX_MS } from '../../model/limits/index.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import type { RequestContext } from '../request-context.ts';
import { TENANT_HEAVY } from './policies.ts';
import { limitRate } from './rate-limit.ts';

type ReadCost<Q> = {
  readonly cost?: 'heavy';
  readonly query?: { readonly heavy?: (parsedQuery: Q) => boolean };
};

export function isHeavyRead<Q>({ cost, query }: ReadCost<Q>, parsedQuery: Q): boolean {
  return cost === 'heavy' || (query?.heavy?.(parsedQuery) ?? false);
}

type HeavyRead = { readonly startedAt: number };

/** By settings and tenant, in this isolate. */
const heavyReads = new WeakMap<Env, Map<string, Set<HeavyRead>>>();

/** Returns the function that ends the read. Refuses `rate_limited`. */
export async function beginHeavyRead(context: RequestContext, { reseller }: Actor): Promise<() => void> {
  if (reseller === null) return () => {};
  await limitRate(context, TENANT_HEAVY, reseller);
  const { env, now } = context;
  const byTenant = heavyReads.get(env) ?? new Map<string, Set<HeavyRead>>();
  heavyReads.set(env, byTenant);
  const reads = byTenant.get(reseller) ?? new Set();
  for (const read of reads) if (now - read.startedAt > HEAVY_READ_MAX_MS) reads.delete(read);
  if (reads.size >= env.heavyReads) refuse({ kind: 'rate_limited', of: 'heavy_reads', retryAfterSeconds: 1 });
  const read = { startedAt: now };
  byTenant.set(reseller, reads.add(read));
  return () => {
    reads.delete(read);
    if (reads.size === 0 && byTenant.get(reseller) === reads) byTenant.delete(reseller);
  };
}

/** Calls `ended` when the stream is read, cancelled or failed. */
export function onStreamEnd(text: ReadableStream<Uint8Array>, ended: () => void): ReadableStream<Uint8Array> {
  const reader = text.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        ended();
        controller.close();
      } catch (error) {
        ended();
        throw error;
      }
    },
    cancel(reason) {
      ended();
      return reader.cancel(reason);
    },
  });
}
