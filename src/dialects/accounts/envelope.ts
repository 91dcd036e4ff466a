import * as v from 'valibot';
import type { ListPage } from '../../model/listing.ts';

const status = v.literal('success');
const timestamp = v.string();

export const Done = v.object({ status, timestamp });

export function envelopeOf<S extends v.GenericSchema>(data: S) {
  return v.object({ data, status, timestamp });
}

/** `page_size` is the number of items on this page. */
export function pageEnvelopeOf<S extends v.GenericSchema>(item: S) {
  return v.object({ page_size: v.number(), page_index: v.number(), data: v.array(item), status, timestamp });
}

/** UTC with seven digits of the second's fraction. */
export function stamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '0000Z');
}

export function toDone(_: unknown, nowMs: number) {
  return { status: 'success', timestamp: stamp(nowMs) } as const;
}

export function inEnvelope<T, Shown>(present: (thing: T) => Shown) {
  return (thing: T, nowMs: number) => ({ data: present(thing), ...toDone(thing, nowMs) });
}

export function location({ id }: { readonly id: string }, url: URL): Record<string, string> {
  return { Location: `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}/${id}` };
}

/** `index` counts from 0. */
export type NumberedPage<T> = ListPage<T> & { readonly index: number };

export function inPageEnvelope<T, Shown>(present: (row: T) => Shown) {
  return ({ rows, index }: NumberedPage<T>, nowMs: number) => ({
    page_size: rows.length,
    page_index: index,
    data: rows.map(present),
    ...toDone(rows, nowMs),
  });
}
