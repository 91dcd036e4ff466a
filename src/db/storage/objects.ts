import { sql } from 'drizzle-orm';
import type { AuditEvent } from '../../model/events/audit.ts';
import { absent, refuse } from '../../model/failure.ts';
import type { EntityTags, Precondition } from '../../model/storage/precondition.ts';
import type { Jurisdiction, ObjectLocation, StoredObject } from '../../model/storage/storage.ts';
import { auditBefore, auditEntryBy, valuesOf } from '../commit/audit-entry.ts';
import { callerAfterChange, chain, type FollowUp } from '../commit/chain.ts';
import { RESELLER_ID, requireResellerRow } from '../resellers/organizations.ts';
import { storageAccounts, storageObjects } from '../schema/index.ts';
import { type CallerSql, callerStatement, requestedReseller } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { asJson, columnsOf, value } from '../sql/selection.ts';
import { arg, insertSelect, writtenBytes } from '../sql/statement.ts';
import { chargeAfter, refuseOverBudget, unlimitedCharge } from '../usage/budgets.ts';
import { payerOf } from '../usage/change-cost.ts';

export const objectColumns = columnsOf(storageObjects, 'object', ['id', 'key', 'since', 'size', 'etag', 'contentType']);

/** The caller with the reseller and its open storage account; null if missing. */
export const openAccount = (callerSql: CallerSql) => sql`from ${callerSql.table}
  left join ${requestedReseller(callerSql)}
  left join ${storageAccounts} as account on account.reseller_id = reseller.id and account.id = ${arg('storageAccountId')}
    and account.deleted_at is null`;
const from = (callerSql: CallerSql) => sql`${openAccount(callerSql)}
  left join ${storageObjects} as object on object.storage_account_id = account.id and object.key = ${arg('key')}
    and object.state = 'stored'`;

const named = (tags: string) => sql`(object.id is not null
  and exists (select 1 from json_each(${arg(tags)}) where value in (object.etag, '*')))`;
const allowed = sql`caller.permitted and account.id is not null
  and (${arg('ifMatch')} is null or ${named('ifMatch')}) and (${arg('ifNoneMatch')} is null or not ${named('ifNoneMatch')})`;

const look = callerQuery((callerSql) => ({
  select: {
    reseller: RESELLER_ID,
    jurisdiction: value<Jurisdiction | null>(sql`account.jurisdiction`),
    object: asJson(objectColumns),
  },
  from: from(callerSql),
}));

export type Found = { readonly jurisdiction: Jurisdiction; readonly object: StoredObject | null };

function found([{ reseller, jurisdiction, object }]: Awaited<ReturnType<typeof look>>): Found {
  requireResellerRow(reseller);
  return { jurisdiction: jurisdiction ?? refuse(absent('storage_account')), object };
}

/** Refuses `not_found`. */
export async function findObject(caller: CallerContext, place: ObjectLocation): Promise<Found> {
  return found(await look(caller, place));
}

/** As found before the write. */
export type UploadResult = Found & { readonly done: boolean };

async function attempt(
  caller: CallerContext,
  place: ObjectLocation,
  writes: ReturnType<typeof chain>,
): Promise<UploadResult> {
  const [before, ...results] = await caller.db
    .batch([look.prepare(caller, place), ...writes])
    .catch((error) => refuseOverBudget(error, caller.now));
  return { ...found(look.read(caller, before)), done: results.at(-1)?.meta.changes !== 0 };
}

const before = sql`iif(object.id is null, null, json_object('key', object.key, 'size', object.size, 'etag', object.etag,
  'contentType', object.content_type))`;
const entryOf = (caller: CallerContext, { resellerId, storageAccountId }: ObjectLocation, event: AuditEvent) =>
  valuesOf(event, auditEntryBy(caller, { resellerId, subject: storageAccountId }));

// A quoted `*` is an entity tag that no object has, not the wildcard.
const listed = (tags: EntityTags) => tags && JSON.stringify(tags === '*' ? tags : tags.filter((tag) => tag !== '*'));
const conditionOf = ({ ifMatch, ifNoneMatch }: Precondition) => ({
  ifMatch: listed(ifMatch),
  ifNoneMatch: listed(ifNoneMatch),
});

const reserve = callerStatement((callerSql) =>
  insertSelect(
    storageObjects,
    ['id', 'key', 'since', 'size', 'contentType'],
    sql`${from(callerSql)} where ${allowed}
      and account.used_bytes + account.reserved_bytes + ${arg('size')} <= account.quota_bytes`,
    { storageAccountId: sql`account.id`, state: sql`'uploading'`, etag: sql`''` },
  ),
);
/** Reserves room unless the condition or the quota fails, and charges for its rows. Refuses `rate_limited`. */
export function reserveUpload(
  caller: CallerContext,
  place: ObjectLocation,
  upload: {
    readonly id: string;
    readonly size: number;
    readonly contentType: string;
    readonly condition: Precondition;
  },
): Promise<UploadResult> {
  const write = reserve(caller, { ...place, ...upload, ...conditionOf(upload.condition), since: caller.now });
  return attempt(caller, place, chain(write, ...chargeUpload(caller, place, writtenBytes([write]))));
}

/** The audit entry holds the object before and after: twice the row's bytes. */
function chargeUpload(caller: CallerContext, place: ObjectLocation, rowBytes: number): FollowUp[] {
  const bytesLimit = caller.actor.reseller === null ? null : caller.budgets.bytesPerDay;
  return chargeAfter(caller.db, payerOf(caller, place), { ...unlimitedCharge(3 * rowBytes), bytesLimit }, caller.now);
}

const noteStored = callerStatement((callerSql) =>
  auditBefore(
    sql`${from(callerSql)} join ${storageObjects} as upload on upload.id = ${arg('uploadId')} and upload.state = 'uploading'
      and upload.storage_account_id = account.id where ${allowed}`,
    { before },
  ),
);
const store = callerAfterChange(
  (
    callerSql,
    changed,
  ) => sql`update ${storageObjects} as upload set state = 'stored', etag = ${arg('etag')}, since = ${arg('since')}
    ${from(callerSql)} where ${allowed} and upload.id = ${arg('id')} and upload.state = 'uploading'
      and upload.storage_account_id = account.id and ${changed}`,
);
/** Replaces the object with the uploaded one (trigger storage_objects_replaced), unless the condition fails. */
export const storeUpload = (
  caller: CallerContext,
  place: ObjectLocation,
  upload: StoredObject & { readonly condition: Precondition },
) => {
  const { id, key, size, etag, contentType, condition } = upload;
  const values = { ...place, ...conditionOf(condition) };
  const event = { type: 'storage-object.stored', details: { key, size, etag, contentType } } as const;
  return attempt(
    caller,
    place,
    chain(
      noteStored(caller, { ...entryOf(caller, place, event), ...values, uploadId: id }),
      store(caller, { ...values, id, etag, since: caller.now }),
    ),
  );
};

const noteRemoved = callerStatement((callerSql) =>
  auditBefore(sql`${from(callerSql)} where ${allowed} and object.id is not null`, { before }),
);
const remove = callerAfterChange(
  (callerSql, changed) => sql`update ${storageObjects} as gone set state = 'garbage', since = ${arg('since')}
    ${from(callerSql)} where ${allowed} and gone.id = object.id and ${changed}`,
);
export const removeObject = (caller: CallerContext, place: ObjectLocation, condition: Precondition) => {
  const values = { ...place, ...conditionOf(condition), since: caller.now };
  const entry = entryOf(caller, place, { type: 'storage-object.deleted', details: null });
  const noted = noteRemoved(caller, { ...entry, ...values });
  const charge = unlimitedCharge(writtenBytes([noted]));
  return attempt(
    caller,
    place,
    chain(noted, remove(caller, values), ...chargeAfter(caller.db, payerOf(caller, place), charge, caller.now)),
  );
};
