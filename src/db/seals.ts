import { sql } from 'drizzle-orm';
import { SEALED_COLUMNS, sealOf } from '../model/audit-chain.ts';
import { SEAL_ROWS } from '../model/limits.ts';
import { auditChain, events } from './schema.ts';
import { arg, type Session, statement } from './statement.ts';

/** The last row that is sealed, and its seal, which stands for all before it. */
export type Head = { readonly seq: number; readonly hash: string };

const columns = sql.raw(SEALED_COLUMNS.map((name) => `event.${name}`).join(', '));
const unsealed = statement(
  () => sql`select chain.head_seq, chain.head_hash, ${columns}
    from ${auditChain} as chain left join ${events} as event on event.seq > chain.head_seq
    where chain.id = 1 order by event.seq limit ${arg('limit')}`,
);
const advance = statement(
  () => sql`update ${auditChain} set head_seq = ${arg('seq')}, head_hash = ${arg('hash')}
    where id = 1 and head_seq = ${arg('readSeq')} and head_hash = ${arg('readHash')}`,
);
const stamp = statement(
  () => sql`update ${events} set hash = given.value ->> 'hash' from json_each(${arg('seals')}) as given
    where ${events}.seq = given.value ->> 'seq' and changes() > 0`,
);

/**
 * Seals the next rows in the order of their commit. Nothing happens where another run has sealed since they were read. Gives
 * the head as it left it, and how many it sealed.
 */
export async function sealChunk(session: Session): Promise<Head & { readonly sealed: number }> {
  const rows = await unsealed(session, { limit: SEAL_ROWS }).raw<unknown[]>();
  const [readSeq, readHash] = [Number(rows[0]?.[0]), String(rows[0]?.[1])];
  const head = { seq: readSeq, hash: readHash };
  const seals: Head[] = [];
  for (const [, , ...values] of rows) {
    if (values[0] === null) return { ...head, sealed: 0 };
    head.hash = await sealOf(head.hash, values);
    head.seq = Number(values[0]);
    seals.push({ ...head });
  }
  await session.batch([
    advance(session, { ...head, readSeq, readHash }),
    stamp(session, { seals: JSON.stringify(seals) }),
  ]);
  return { ...head, sealed: seals.length };
}
