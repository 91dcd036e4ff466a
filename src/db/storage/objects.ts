import { sql } from 'drizzle-orm';
import type { AuditEvent } from '../../model/events/audit.ts';
import { absent, refuse } from '../../model/failure.ts';
import type { EntityTags, Precondition } from '../../model/storage/precondition.ts';
import type { Jurisdiction, ObjectLocation, StoredObject } from '../../model/storage/storage.ts';
import { auditBefore, auditEntryBy, valuesOf } from '../commit/audit-entry.ts';
import { callerAfterChange, chain, type GuardedStatement } from '../commit/chain.ts';
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
export const fromOpenStorageAccount = (callerSql: CallerSql) => sql`from ${callerSql.table}
  left join ${requestedReseller(callerSql)}
  left join ${storageAccounts} as account on account.reseller_id = reseller.id and account.id = ${arg('storageAccountId')}
    and account.deleted_at is null`;
const from = (callerSql: CallerSql) => sql`${fromOpenStorageAccount(callerSql)}
  left join ${storageObjects} as object on object.storage_account_id = account.id and object.key = ${arg('key')}
    and object.state = 'stored'`;

const matchesTag = (tags: string) => sql`(object.id is not null
  and exists (select 1 from json_each(${arg(tags)}) where value in (object.etag, '*')))`;
const isAllowed = sql`caller.permitted and account.id is not null
  and (${arg('ifMatch')} is null or ${matchesTag('ifMatch')}) and (${arg('ifNoneMatch')} is null or not ${matchesTag('ifNoneMatch')})`;

const lookup = callerQuery((callerSql) => ({
  select: {
    reseller: RESELLER_ID,
    jurisdiction: value<Jurisdiction | null>(sql`account.jurisdiction`),
    object: asJson(objectColumns),
  },
  from: from(callerSql),
}));

export type ObjectLookup = { readonly jurisdiction: Jurisdiction; readonly object: StoredObject | null };

function readLookup([{ reseller, jurisdiction, object }]: Awaited<ReturnType<typeof lookup>>): ObjectLookup {
  requireResellerRow(reseller);
  return { jurisdiction: jurisdiction ?? refuse(absent('storage_account')), object };
}

/** Refuses `not_found`. */
export async function findObject(caller: CallerContext, location: ObjectLocation): Promise<ObjectLookup> {
  return readLookup(await lookup(caller, location));
}

/** As found before the write. */
export type UploadResult = ObjectLookup & { readonly done: boolean };

async function writeObject(
  caller: CallerContext,
  location: ObjectLocation,
  writes: ReturnType<typeof chain>,
): Promise<UploadResult> {
  const [before, ...results] = await caller.db
    .batch([lookup.prepare(caller, location), ...writes])
    .catch((error) => refuseOverBudget(error, caller.now));
  return { ...readLookup(lookup.read(caller, before)), done: results.at(-1)?.meta.changes !== 0 };
}

const before = sql`iif(object.id is null, null, json_object('key', object.key, 'size', object.size, 'etag', object.etag,
  'contentType', object.content_type))`;
const entryOf = (caller: CallerContext, { resellerId, storageAccountId }: ObjectLocation, event: AuditEvent) =>
  valuesOf(event, auditEntryBy(caller, { resellerId, subject: storageAccountId }));

// A quoted `*` is an entity tag that no object has, not the wildcard.
const tagsAsJson = (tags: EntityTags) =>
  tags && JSON.stringify(tags === '*' ? tags : tags.filter((tag) => tag !== '*'));
const conditionOf = ({ ifMatch, ifNoneMatch }: Precondition) => ({
  ifMatch: tagsAsJson(ifMatch),
  ifNoneMatch: tagsAsJson(ifNoneMatch),
});

const insertUpload = callerStatement((callerSql) =>
  insertSelect(
    storageObjects,
    ['id', 'key', 'since', 'size', 'contentType'],
    sql`${from(callerSql)} where ${isAllowed}
      and account.used_bytes + account.reserved_bytes + ${arg('size')} <= account.quota_bytes`,
    { storageAccountId: sql`account.id`, state: sql`'uploading'`, etag: sql`''` },
  ),
);
/** Reserves room unless the condition or the quota fails, and charges for its rows. Refuses `rate_limited`. */
export function reserveUpload(
  caller: CallerContext,
  location: ObjectLocation,
  upload: {
    readonly id: string;
    readonly size: number;
    readonly contentType: string;
    readonly condition: Precondition;
  },
): Promise<UploadResult> {
  const write = insertUpload(caller, { ...location, ...upload, ...conditionOf(upload.condition), since: caller.now });
  return writeObject(caller, location, chain(write, ...chargeUpload(caller, location, writtenBytes([write]))));
}

/** The audit entry holds the object before and after: twice the row's bytes. */
function chargeUpload(caller: CallerContext, location: ObjectLocation, rowBytes: number): GuardedStatement[] {
  const bytesLimit = caller.actor.reseller === null ? null : caller.budgets.bytesPerDay;
  return chargeAfter(
    caller.db,
    payerOf(caller, location),
    { ...unlimitedCharge(3 * rowBytes), bytesLimit },
    caller.now,
  );
}

const auditStored = callerStatement((callerSql) =>
  auditBefore(
    sql`${from(callerSql)} join ${storageObjects} as upload on upload.id = ${arg('uploadId')} and upload.state = 'uploading'
      and upload.storage_account_id = account.id where ${isAllowed}`,
    { before },
  ),
);
const completeUpload = callerAfterChange(
  (
    callerSql,
    changed,
  ) => sql`update ${storageObjects} as upload set state = 'stored', etag = ${arg('etag')}, since = ${arg('since')}
    ${from(callerSql)} where ${isAllowed} and upload.id = ${arg('id')} and upload.state = 'uploading'
      and upload.storage_account_id = account.id and ${changed}`,
);
/** Replaces the object with the uploaded one (trigger storage_objects_replaced), unless the condition fails. */
export const storeUpload = (
  caller: CallerContext,
  location: ObjectLocation,
  upload: StoredObject & { readonly condition: Precondition },
) => {
  const { id, key, size, etag, contentType, condition } = upload;
  const values = { ...location, ...conditionOf(condition) };
  const event = { type: 'storage-object.stored', details: { key, size, etag, contentType } } as const;
  return writeObject(
    caller,
    location,
    chain(
      auditStored(caller, { ...entryOf(caller, location, event), ...values, uploadId: id }),
      completeUpload(caller, { ...values, id, etag, since: caller.now }),
    ),
  );
};

const auditRemoved = callerStatement((callerSql) =>
  auditBefore(sql`${from(callerSql)} where ${isAllowed} and object.id is not null`, { before }),
);
const remove = callerAfterChange(
  (callerSql, changed) => sql`update ${storageObjects} as gone set state = 'garbage', since = ${arg('since')}
    ${from(callerSql)} where ${isAllowed} and gone.id = object.id and ${changed}`,
);
export const removeObject = (caller: CallerContext, location: ObjectLocation, condition: Precondition) => {
  const values = { ...location, ...conditionOf(condition), since: caller.now };
  const entry = entryOf(caller, location, { type: 'storage-object.deleted', details: null });
  const audited = auditRemoved(caller, { ...entry, ...values });
  const charge = unlimitedCharge(writtenBytes([audited]));
  return writeObject(
    caller,
    location,
    chain(audited, remove(caller, values), ...chargeAfter(caller.db, payerOf(caller, location), charge, caller.now)),
  );
};
