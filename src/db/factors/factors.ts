import { sql } from 'drizzle-orm';
import { isAudited } from '../commit/audit-entry.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { externalIdentities, passkeys, recoveryCodes, totpSecrets } from '../schema/index.ts';
import { deleteAttemptAfter } from '../sign-in/attempts.ts';
import { callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { arg, type Db, insertSelect, statement } from '../sql/statement.ts';

const unusedStep = sql`update ${totpSecrets} set last_step = ${arg('step')}
  where user_id = ${arg('userId')} and confirmed_at is not null and last_step < ${arg('step')}`;
const useStep = statement(() => unusedStep);
/** RFC 6238 §5.2. No row where the code is already used. */
export const useTotpStep = (db: Db, userId: string, step: number) => useStep(db, { userId, step });

const useOwn = callerStatement(
  (callerSql) => sql`${unusedStep} and exists (select 1 from ${callerSql.table} where caller.permitted)`,
);
export const useOwnTotpStep = (caller: CallerContext, step: number) =>
  useOwn(caller, { userId: caller.actor.subject, step });

/** False where the code is already used. */
export async function useOwnTotpCode(caller: CallerContext, step: number, attemptId: string): Promise<boolean> {
  const [used] = await caller.db.batch([
    ...chain(useOwnTotpStep(caller, step), deleteAttemptAfter(caller.db, attemptId)),
  ]);
  return (used?.meta.changes ?? 0) > 0;
}

const useCode = statement(
  () => sql`update ${recoveryCodes} set used_at = ${arg('now')}
    where user_id = ${arg('userId')} and code_hash = ${arg('codeHash')} and used_at is null`,
);
export const useRecoveryCode = (
  db: Db,
  given: { readonly userId: string; readonly codeHash: string; readonly now: number },
) => useCode(db, given);

const put = callerStatement(
  (
    callerSql,
  ) => sql`${insertSelect(totpSecrets, ['userId', 'sealedSecret', 'lastStep', 'createdAt'], sql`from ${callerSql.table} where caller.permitted`)}
    on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, last_step = excluded.last_step,
      created_at = excluded.created_at where confirmed_at is null`,
);
/** No row where a secret is confirmed. */
export const putTotpSecret = (caller: CallerContext, sealedSecret: string) =>
  put(caller, { userId: caller.actor.subject, sealedSecret, lastStep: 0, createdAt: caller.now });

const confirm = afterChange(
  (changed) => sql`update ${totpSecrets} set confirmed_at = ${arg('now')}, last_step = ${arg('step')}
    where user_id = ${arg('userId')} and confirmed_at is null and ${changed}`,
);
export const confirmTotpAfter = (
  db: Db,
  given: { readonly userId: string; readonly step: number; readonly now: number },
) => confirm(db, given);

const deleteTotp = afterChange(
  (changed) => sql`delete from ${totpSecrets} where user_id = ${arg('userId')} and ${changed}`,
);
export const deleteTotpAfter = (db: Db, userId: string) => deleteTotp(db, { userId });

const insertCodes = afterChange(
  (changed) => sql`insert into ${recoveryCodes} (user_id, code_hash, created_at)
    select ${arg('userId')}, value, ${arg('now')} from json_each(${arg('hashes')}) where ${changed}`,
);
export const insertRecoveryCodesAfter = (
  db: Db,
  given: { readonly userId: string; readonly hashes: readonly string[]; readonly now: number },
) => insertCodes(db, { ...given, hashes: JSON.stringify(given.hashes) });

const sweepCodes = statement(
  () => sql`delete from ${recoveryCodes} where user_id = ${arg('userId')} and ${isAudited}
    and code_hash not in (select value from json_each(${arg('kept')}))`,
);
export const deleteRecoveryCodesWithEntry = (db: Db, entry: string, userId: string, kept: readonly string[] = []) =>
  sweepCodes(db, { entry, userId, kept: JSON.stringify(kept) });

const sweepSecret = statement(() => sql`delete from ${totpSecrets} where user_id = ${arg('userId')} and ${isAudited}`);
const sweepKeys = statement(() => sql`delete from ${passkeys} where user_id = ${arg('userId')} and ${isAudited}`);
export const deleteFactorsWithEntry = (db: Db, entry: string, userId: string): D1PreparedStatement[] => [
  ...[sweepSecret, sweepKeys].map((sweep) => sweep(db, { entry, userId })),
  deleteRecoveryCodesWithEntry(db, entry, userId),
];

const deleteIdentities = statement(
  () => sql`delete from ${externalIdentities} where user_id = ${arg('userId')} and ${isAudited}`,
);
export const deleteIdentitiesWithEntry = (db: Db, entry: string, userId: string) =>
  deleteIdentities(db, { entry, userId });
