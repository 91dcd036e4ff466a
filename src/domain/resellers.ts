import type { Call } from '../db/call.ts';
import { admitCaller } from '../db/caller.ts';
import { commit } from '../db/commit.ts';
import { findReseller, insertReseller, removeReseller, updateReseller } from '../db/resellers.ts';
import type { Reseller } from '../model/reseller.ts';
import { changed, createdNow, retryChanged } from './update.ts';

export { findReseller as getReseller, listResellers } from '../db/resellers.ts';

export type NewReseller = Omit<Reseller, 'id' | 'createdAt' | 'updatedAt'>;
export type ResellerChanges = { readonly [K in keyof NewReseller]?: NewReseller[K] | undefined };

/** Refuses `name_taken`. */
export async function createReseller(call: Call, input: NewReseller): Promise<Reseller> {
  const reseller = { id: call.newId(), ...input, ...createdNow(call) };
  await commit(call, {
    write: insertReseller(call, reseller),
    event: { type: 'reseller.created', before: null, after: reseller },
    resellerId: reseller.id,
    subject: reseller.id,
    result: reseller,
    refused: () => admitCaller(call),
  });
  return reseller;
}

/** Refuses `not_found`, `name_taken`. */
export function updateResellerDetails(call: Call, id: string, changes: ResellerChanges): Promise<Reseller> {
  return retryChanged(async () => {
    const before = await findReseller(call, id);
    const after = changed(call, before, changes);
    await commit(call, {
      write: updateReseller(call, after, before.updatedAt),
      event: { type: 'reseller.updated', before, after },
      resellerId: id,
      subject: id,
      result: after,
      refused: () => findReseller(call, id),
    });
    return after;
  });
}

/** The reseller and all beneath it stop working with this; the rows stay until they are purged. Refuses `not_found`. */
export function deleteReseller(call: Call, id: string): Promise<void> {
  return retryChanged(async () => {
    const before = await findReseller(call, id);
    await commit(call, {
      write: removeReseller(call, before),
      event: { type: 'reseller.deleted', before, after: null },
      resellerId: id,
      subject: id,
      result: null,
      refused: () => findReseller(call, id),
    });
  });
}
