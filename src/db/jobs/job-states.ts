import { type SQL, sql } from 'drizzle-orm';
import { JOBS, type JobName, type JobState } from '../../model/jobs/jobs.ts';
import {
  DELETED_RETENTION_MS,
  EXPANSION_IDLE_MS,
  INVITATION_LIFE_MS,
  MAIL_OVERDUE_MS,
  OBJECT_GARBAGE_RETENTION_MS,
  OBJECT_LEASE_MS,
  RECOVERY_IDLE_MS,
  REMOVAL_IDLE_MS,
  SIGN_IN_FAILURES_GRACE_MS,
  SIGN_IN_FAILURES_HOUR_MS,
  SIGN_OUTS_SCANNED,
} from '../../model/limits/index.ts';
import {
  apiClients,
  auditChain,
  emails,
  events,
  jobs,
  memberships,
  resellers,
  sessions,
  signInFailures,
  statusUpdateProgress,
  storageAccounts,
  storageObjects,
  webhookRecoveries,
} from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery, query } from '../sql/query.ts';
import { type Found, jsonValue } from '../sql/selection.ts';
import { type Db, literal } from '../sql/statement.ts';
import { deletedWithMembers } from './deleted-resellers.ts';
import { RETENTION_RULES, retentionValues } from './expire.ts';

const first = (column: string, from: SQL, laterMs = 0) =>
  sql`(select min(${sql.raw(column)}) + ${literal(laterMs)} from ${from})`;

// Older sign-outs are complete.
const SCANNED = literal(SIGN_OUTS_SCANNED);

/** One index lookup per kind of row. */
const waiting: Readonly<Record<JobName, readonly SQL[]>> = {
  sweep: [
    first('relay_at', sql`${events} where relay_at is not null`),
    first('next_attempt_at', sql`${emails} where state = 'pending'`, MAIL_OVERDUE_MS),
    first('mails_released_at', sql`${resellers} where mails_released_at is not null`),
    first('updated_at', sql`${webhookRecoveries} where cursor < upto`, RECOVERY_IDLE_MS),
    first('updated_at', sql`${storageAccounts} where deleted_at is not null`, REMOVAL_IDLE_MS),
    first('expanding_at', sql`${statusUpdateProgress} where expanding_at is not null`, EXPANSION_IDLE_MS),
  ],
  'sign-out': [
    first(
      'reseller.signed_out_at',
      sql`(select id, signed_out_at from ${resellers} where signed_out_at > 0 order by signed_out_at desc limit ${SCANNED}) as reseller
        where exists (select 1 from ${sessions} as session
        where session.reseller_id = reseller.id and session.ended_at is null and session.created_at <= reseller.signed_out_at)`,
    ),
    first(
      'client.revoked_at',
      sql`(select id, revoked_at from ${apiClients} where revoked_at > 0 order by revoked_at desc limit ${SCANNED}) as client
        where exists (select 1 from ${sessions} as session where session.client_id = client.id and session.ended_at is null)`,
    ),
  ],
  'sign-in-failures': [first('hour', sql`${signInFailures}`, SIGN_IN_FAILURES_HOUR_MS + SIGN_IN_FAILURES_GRACE_MS)],
  invitations: [first('created_at', sql`${memberships} where accepted_at is null`, INVITATION_LIFE_MS)],
  seal: [
    sql`(select event.occurred_at from ${auditChain} as chain join ${events} as event on event.seq > chain.head_seq
      where chain.id = 1 order by event.seq limit 1)`,
  ],
  // The database does not know the configured keys; each run reports what is left.
  reseal: [],
  purge: Object.values(RETENTION_RULES).map(({ since }) => since),
  'deleted-resellers': [
    first('deleted_at', sql`${resellers} where deleted_at is not null and purged_at is null`, DELETED_RETENTION_MS),
    first('deleted_at', deletedWithMembers),
  ],
  discard: [
    first('since', sql`${storageObjects} where state = 'garbage'`, OBJECT_GARBAGE_RETENTION_MS),
    first('since', sql`${storageObjects} where state = 'uploading'`, OBJECT_LEASE_MS),
  ],
};

const object = (entries: readonly SQL[]) => sql`json_object(${sql.join([...entries], sql`, `)})`;
const columns = ['startedAt', 'finishedAt', 'succeededAt', 'leasedUntil', 'durationMs', 'more'] as const;
const state = object([
  ...columns.map((name) => sql`${name}, job.${sql.identifier(jobs[name].name)}`),
  sql`'counts', json(job.counts)`,
  sql`'failures', json(job.failures)`,
]);
const names = JSON.stringify(JOBS.map(({ name }) => name));
const selected = {
  states: jsonValue<
    Partial<Record<JobName, Omit<JobState, 'name' | 'more' | 'waitingSince'> & { readonly more: number }>>
  >(
    sql`(select json_group_object(job.name, ${state}) from json_each(${names}) as known join ${jobs} as job on job.name = known.value)`,
  ),
  since: jsonValue<Record<JobName, number | null>>(
    object(
      JOBS.map(
        ({ name }) =>
          sql`${name}, (select min(value) from json_each(json_array(${sql.join([...waiting[name]], sql`, `)})))`,
      ),
    ),
  ),
};

const neverRun = {
  startedAt: null,
  finishedAt: null,
  succeededAt: null,
  leasedUntil: 0,
  durationMs: null,
  counts: {},
  failures: [],
};

function statesIn({ states, since }: Found<typeof selected>, now: number): JobState[] {
  return JOBS.map(({ name }) => {
    const { more, ...rest } = states[name] ?? { more: 0 };
    const waitingSince = since[name];
    const isDue = waitingSince !== null && waitingSince <= now;
    return { ...neverRun, ...rest, name, more: more === 1, waitingSince: isDue ? waitingSince : null };
  });
}

const callerStates = callerQuery((callerSql) => ({ select: selected, from: sql`from ${callerSql.table}` }));

export async function findJobStates(caller: CallerContext): Promise<JobState[]> {
  const [found] = await callerStates(caller, retentionValues(caller.now));
  return statesIn(found, caller.now);
}

const all = query(() => ({ select: selected, from: sql`` }));

export async function jobStates(db: Db, now: number): Promise<JobState[]> {
  return (await all(db, retentionValues(now))).flatMap((found) => statesIn(found, now));
}
