import { sql } from 'drizzle-orm';
import * as v from 'valibot';
import { FLOW_LIFE_MS, FLOWS_MAX } from '../../model/limits/index.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import type { AuthenticationMethod } from '../../model/sessions/session.ts';
import { Goal, type SignInFlow } from '../../model/sign-in/flow.ts';
import type { ExternalIdentity } from '../../model/sign-in/identity.ts';
import { brandingIf, brandingJoined } from '../resellers/branding.ts';
import { resellers, sessions, signInFlows, users } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { columnsOf, value } from '../sql/selection.ts';
import { arg, type Db, insertSelect, statement } from '../sql/statement.ts';
import { limitByNetwork, networkLimitValues } from './network-limit.ts';

const columns = columnsOf(signInFlows, 'flow', [
  'id',
  'goal',
  'resellerId',
  'userId',
  'methods',
  'challenge',
  'sealedSecrets',
  'identity',
  'createdAt',
  'finishedAt',
]);

const ofNetwork = limitByNetwork(signInFlows, 'network', 'created_at', FLOWS_MAX);
const insert = statement(() =>
  insertSelect(
    signInFlows,
    ['id', 'browserHash', 'goal', 'createdAt', 'expiresAt', 'network'],
    sql`from (select 1) left join ${resellers} as reseller on reseller.id = ${arg('resellerId')} and reseller.deleted_at is null
      where ${ofNetwork.hasRoom}`,
    { resellerId: sql`reseller.id` },
  ),
);
const findFullSince = query(() => ({ select: { since: value<number>(ofNetwork.fullSince) }, from: sql`` }));

export type Browser = { readonly browserHash: string; readonly now: number };

/** Returns the wait in milliseconds where the network, or the total, is at its limit; else null. */
export async function insertFlow(
  db: Db,
  { browserHash, now }: Browser,
  flow: Pick<SignInFlow, 'id' | 'goal' | 'resellerId'> & { readonly network: string },
): Promise<number | null> {
  const { id, goal, resellerId, network } = flow;
  const values = { id, browserHash, goal: JSON.stringify(goal), resellerId };
  const bound = networkLimitValues(network, now, FLOW_LIFE_MS);
  const [inserted, found] = await db.batch([
    insert(db, { ...values, ...bound, createdAt: now, expiresAt: now + FLOW_LIFE_MS }),
    findFullSince.prepare(db, bound),
  ]);
  const [room] = findFullSince.read(found);
  return inserted?.meta.changes === 0 && room ? room.since + FLOW_LIFE_MS - now : null;
}

const find = query(() => ({
  select: { flow: columns, branding: brandingIf(sql`reseller.id is not null`) },
  from: sql`from ${signInFlows} as flow
    left join ${resellers} as reseller on reseller.id = flow.reseller_id ${brandingJoined}
    where flow.id = ${arg('id')} and flow.browser_hash = ${arg('browserHash')} and flow.expires_at > ${arg('now')}`,
}));

/** Null where the flow has expired. */
export async function findFlow(
  db: Db,
  { browserHash, now }: Browser,
  id: string,
): Promise<{ readonly flow: SignInFlow; readonly branding: Branding | null } | null> {
  const [found] = await find(db, { id, browserHash, now });
  if (found === undefined || found.flow === null) return null;
  const { flow, branding } = found;
  const goal = v.parse(Goal, JSON.parse(flow.goal));
  return { flow: { ...flow, goal, methods: flow.methods as AuthenticationMethod[] }, branding };
}

const isOpen = sql`id = ${arg('id')} and finished_at is null`;

const recordProof = statement(
  () => sql`update ${signInFlows} set user_id = ${arg('userId')}, reseller_id = ${arg('resellerId')}, methods = ${arg('methods')},
      identity = ifnull(${arg('identity')}, identity)
    where ${isOpen} and exists (select 1 from ${users} as user where user.id = ${arg('userId')}
      and (user.updated_at = ${arg('readAt')} or user.password_hash = ${arg('judgedHash')}))`,
);
/** Returns false where both user and password hash have changed. */
export async function recordAuthentication(
  db: Db,
  id: string,
  {
    methods,
    identity,
    ...proof
  }: Pick<SignInFlow, 'userId' | 'resellerId' | 'methods'> & {
    readonly readAt: number;
    readonly judgedHash: string | null;
    /** Null keeps the current one. */
    readonly identity: ExternalIdentity | null;
  },
): Promise<boolean> {
  const given = { methods: JSON.stringify(methods), identity: identity && JSON.stringify(identity) };
  const result = await recordProof(db, { id, ...proof, ...given }).run();
  return result.meta.changes > 0;
}

const keepIdentity = statement(
  () => sql`update ${signInFlows} set identity = ${arg('identity')}, user_id = null, methods = '[]' where ${isOpen}`,
);
/** An external identity alone proves nothing. */
export async function recordIdentity(db: Db, id: string, identity: ExternalIdentity): Promise<void> {
  await keepIdentity(db, { id, identity: JSON.stringify(identity) }).run();
}

const challenge = statement(() => sql`update ${signInFlows} set challenge = ${arg('challenge')} where ${isOpen}`);
export async function recordChallenge(db: Db, id: string, value: string): Promise<void> {
  await challenge(db, { id, challenge: value }).run();
}

const take = statement(
  () => sql`update ${signInFlows} set challenge = null where ${isOpen} and challenge = ${arg('challenge')}`,
);
/** Returns false where it is already used. */
export async function takeChallenge(db: Db, id: string, value: string): Promise<boolean> {
  return (await take(db, { id, challenge: value }).run()).meta.changes > 0;
}

const secrets = statement(
  () => sql`update ${signInFlows} set sealed_secrets = ${arg('sealedSecrets')} where ${isOpen}`,
);
export async function recordSecrets(db: Db, id: string, sealedSecrets: string): Promise<void> {
  await secrets(db, { id, sealedSecrets }).run();
}

const takeSealed = statement(
  () =>
    sql`update ${signInFlows} set sealed_secrets = null where ${isOpen} and sealed_secrets = ${arg('sealedSecrets')}`,
);
/** Returns false where they are already used. */
export async function takeSecrets(db: Db, id: string, sealedSecrets: string): Promise<boolean> {
  return (await takeSealed(db, { id, sealedSecrets }).run()).meta.changes > 0;
}

export const isFlowOpen = sql`exists (select 1 from ${signInFlows} as flow
  where flow.id = ${arg('flowId')} and flow.finished_at is null and flow.expires_at > ${arg('now')})`;

const finish = statement(
  () => sql`update ${signInFlows} set finished_at = ${arg('now')}, challenge = null, sealed_secrets = null, identity = null
    where ${isOpen} and exists (select 1 from ${sessions} where id = ${arg('sessionId')})`,
);
export const finishFlowOfSession = (db: Db, id: string, given: { readonly sessionId: string; readonly now: number }) =>
  finish(db, { id, ...given });
