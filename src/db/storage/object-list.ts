import { sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import type { ListPage, Position } from '../../model/listing.ts';
import type { StoredObject } from '../../model/storage/storage.ts';
import { RESELLER_ID, requireResellerRow } from '../resellers/organizations.ts';
import { storageObjects } from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';
import { fromOpenStorageAccount, objectColumns } from './objects.ts';

/** In the order of their keys' code points. */
export type ObjectList = { readonly prefix: string; readonly after: Position | null; readonly limit: number };

const LAST_POINT = 0x10ffff;
const BEFORE_SURROGATES = 0xd7ff;
const AFTER_SURROGATES = 0xe000;

const page = (bounded: boolean) =>
  callerQuery((callerSql) => ({
    select: { reseller: RESELLER_ID, account: value<string | null>(sql`account.id`), object: objectColumns },
    from: sql`${fromOpenStorageAccount(callerSql)}
      left join ${storageObjects} as object on object.storage_account_id = account.id and object.state = 'stored'
        and object.key >= max(${arg('prefix')}, ${arg('after')}) and object.key <> ${arg('after')}
        and ${bounded ? sql`object.key < ${arg('end')}` : sql`true`}
      order by object.key limit ${arg('limit')}`,
  }));
const pages = { all: page(false), bounded: page(true) };

/** Refuses `not_found`. */
export async function listObjects(
  caller: CallerContext,
  account: { readonly resellerId: string; readonly storageAccountId: string },
  { prefix, after, limit }: ObjectList,
): Promise<ListPage<StoredObject>> {
  const end = endOf(prefix);
  const values = { ...account, prefix, end, after: after?.value ?? '', limit: limit + 1 };
  const rows = await (end === null ? pages.all : pages.bounded)(caller, values);
  const [first] = rows;
  requireResellerRow(first.reseller);
  if (first.account === null) refuse(absent('storage_account'));
  const found = rows.flatMap(({ object }) => object ?? []);
  const last = found.length > limit ? found[limit - 1] : undefined;
  return { rows: found.slice(0, limit), next: last === undefined ? null : { value: last.key, id: last.id } };
}

/** The least text above all texts with this prefix. Null: no text is above them. */
function endOf(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return null;
  return String.fromCodePoint(...points, last === BEFORE_SURROGATES ? AFTER_SURROGATES : last + 1);
}
