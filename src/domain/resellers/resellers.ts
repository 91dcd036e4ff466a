import { commit } from '../../db/commit/commit.ts';
import type { Account } from '../../db/resellers/accounts.ts';
import { findReseller, insertReseller, removeReseller, updateReseller } from '../../db/resellers/resellers.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { admitCaller } from '../../db/sql/query.ts';
import { UNLIMITED } from '../../model/limits/index.ts';
import type { Reseller } from '../../model/resellers/reseller.ts';
import { applyChanges, defined, isUnchanged, retryChanged, timestamps } from '../update.ts';

export {
  type AccountMetrics,
  findAccount as getAccount,
  findAccountMetrics as getMetrics,
  listAccounts,
} from '../../db/resellers/accounts.ts';
export { findReseller as getReseller, listResellers } from '../../db/resellers/resellers.ts';
export type { Account };

type ResellerDetails = Omit<Reseller, 'id' | 'parentId' | 'createdAt' | 'updatedAt'>;
export type ResellerChanges = { readonly [K in keyof ResellerDetails]?: ResellerDetails[K] | undefined };
export type NewReseller = ResellerChanges & { readonly name: string; readonly parentId?: string | null };

const RESELLER_DEFAULTS: Omit<Reseller, 'id' | 'name' | 'createdAt' | 'updatedAt'> = {
  email: '',
  description: '',
  allowedUsers: UNLIMITED,
  allowedOrganizations: UNLIMITED,
  reference: '',
  parentId: null,
  timezone: null,
  countryCode: null,
  enabled: true,
};

export async function createReseller(caller: CallerContext, input: NewReseller): Promise<Account> {
  const reseller: Reseller = { id: caller.newId(), ...RESELLER_DEFAULTS, ...defined(input), ...timestamps(caller) };
  const account = { ...reseller, deletedAt: null };
  await commit(caller, {
    write: insertReseller(caller, reseller),
    event: { type: 'reseller.created', before: null, after: reseller },
    resellerId: reseller.id,
    subject: reseller.id,
    result: account,
    refused: () => (reseller.parentId === null ? admitCaller(caller) : findReseller(caller, reseller.parentId)),
  });
  return account;
}

export function updateResellerDetails(
  caller: CallerContext,
  id: string,
  changes: ResellerChanges | ((before: Reseller) => ResellerChanges),
): Promise<Reseller> {
  return retryChanged(async () => {
    const before = await findReseller(caller, id);
    const after = applyChanges(caller, before, typeof changes === 'function' ? changes(before) : changes);
    if (isUnchanged(before, after)) return before;
    await commit(caller, {
      write: updateReseller(caller, after, before.updatedAt),
      event: { type: 'reseller.updated', before, after },
      resellerId: id,
      subject: id,
      result: after,
      refused: () => findReseller(caller, id),
    });
    return after;
  });
}

/** Everything beneath the reseller stops working at once; rows stay until the purge. */
export function deleteReseller(caller: CallerContext, id: string): Promise<void> {
  return retryChanged(async () => {
    const before = await findReseller(caller, id);
    await commit(caller, {
      write: removeReseller(caller, before),
      aboveBudget: true,
      event: { type: 'reseller.deleted', before, after: null },
      resellerId: id,
      subject: id,
      result: null,
      refused: () => findReseller(caller, id),
    });
  });
}
