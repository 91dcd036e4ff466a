import * as v from 'valibot';
import { decode } from '../../../http/routes/decode.ts';
import type { QueryDeclaration } from '../../../http/routes/route.ts';
import { AUDIT_FILTERS, type AuditQuery } from '../../../model/events/audit.ts';
import { Id } from '../../../model/fields.ts';
import { FILTER_MAX_CHARS, PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS } from '../../../model/limits/index.ts';
import { integerUpTo } from '../listing.ts';
import { Time } from '../time.ts';

const Text = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(FILTER_MAX_CHARS)));
const Moment = v.optional(Time);

/** Only filters that an index serves: the log is long. */
const filters = {
  resellerId: v.optional(Id),
  subject: Text,
  actor: Text,
  type: Text,
  occurredAt: Moment,
  'occurredAt[gt]': Moment,
  'occurredAt[gte]': Moment,
  'occurredAt[lt]': Moment,
  'occurredAt[lte]': Moment,
};
const order = {
  sort: v.optional(v.picklist(['occurredAt', '-occurredAt']), 'occurredAt'),
  after: v.optional(Id),
};
const paging = { limit: v.optional(integerUpTo(PAGE_MAX_ROWS), String(PAGE_DEFAULT_ROWS)) };

const All = v.strictObject({ ...filters, ...order }, 'Unknown field or operator.');
const Paged = v.strictObject({ ...filters, ...order, ...paging }, 'Unknown field or operator.');

export const exportQuery: QueryDeclaration<AuditQuery> = {
  entries: All.entries,
  read: (raw) => ({ ...toQuery(decode(All, raw, 'query')), limit: 0 }),
};

export const pageQuery: QueryDeclaration<AuditQuery> = {
  entries: Paged.entries,
  read: (raw) => {
    const query = decode(Paged, raw, 'query');
    return { ...toQuery(query), limit: query.limit };
  },
};

function toQuery(query: v.InferOutput<typeof All>): Omit<AuditQuery, 'limit'> {
  const [subject = null, actor = null, type = null] = AUDIT_FILTERS.map((name) => query[name]);
  const at = query.occurredAt;
  return {
    ...{ subject, actor, type },
    resellerId: query.resellerId ?? null,
    fromMs: latest([at, query['occurredAt[gte]'], after(query['occurredAt[gt]'])]),
    toMs: earliest([after(at), query['occurredAt[lt]'], after(query['occurredAt[lte]'])]),
    descending: query.sort === '-occurredAt',
    after: query.after ?? null,
  };
}

type Moments = readonly (number | undefined)[];

const after = (ms: number | undefined) => (ms === undefined ? undefined : ms + 1);
const definedMoments = (moments: Moments) => moments.filter((moment) => moment !== undefined);
const latest = (moments: Moments) =>
  definedMoments(moments).length === 0 ? null : Math.max(...definedMoments(moments));
const earliest = (moments: Moments) =>
  definedMoments(moments).length === 0 ? null : Math.min(...definedMoments(moments));
