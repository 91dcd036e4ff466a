import { type SQL, sql } from 'drizzle-orm';
import { addressKey, foldCase } from '../../model/fields.ts';
import type { Listing } from './list-conditions.ts';

export function orderedBy(
  alias: string,
  createdAt: SQL,
): Pick<Listing, 'alias' | 'sorts' | 'texts' | 'times' | 'searched'> {
  return { alias, sorts: { createdAt }, texts: {}, times: {}, searched: [] };
}

export function namedListing(alias: string): Pick<Listing, 'alias' | 'sorts' | 'texts' | 'times' | 'searched'> {
  const column = (name: string) => sql.raw(`${alias}.${name}`);
  const [name, email] = [column('name_key'), column('email_key')];
  const times = { createdAt: column('created_at'), updatedAt: column('updated_at') };
  return {
    alias,
    sorts: { ...times, name, email },
    texts: {
      id: { column: column('id'), folded: true, finds: 'few' },
      name: { column: name, folded: true, finds: 'few' },
      email: { column: email, folded: 'address', finds: 'few' },
    },
    times,
    searched: [name, email],
  };
}

export function withKeys<T extends { readonly name: string; readonly email: string }>(entity: T) {
  return { ...entity, nameKey: foldCase(entity.name), emailKey: addressKey(entity.email) };
}
