import { sql } from 'drizzle-orm';
import { type ChainHead, computeSeal, SEALED_COLUMNS } from '../../model/events/audit-chain.ts';
import { SEAL_ROWS } from '../../model/limits/index.ts';
import { afterChange, chain } from '../commit/chain.ts';
import { auditChain, auditHeads, events } from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { jsonValue, record, value, values } from '../sql/selection.ts';
import { arg, type Db, statement } from '../sql/statement.ts';

export type HeadSigner = {
  readonly keyId: string;
  readonly keyIds: readonly string[];
  readonly sign: (head: ChainHead) => Promise<string>;
  readonly open: (signature: string) => Promise<ChainHead | null>;
};

/** The chain changed outside the Worker: a signature would vouch for unknown rows. */
class UnsignedHead extends Error {
  override name = 'UnsignedHead';
}

const unsealed = query(() => ({
  select: {
    head: record({ seq: value<number>(sql`chain.head_seq`), hash: value<string>(sql`chain.head_hash`) }),
    signatures: jsonValue<Readonly<Record<string, string>>>(sql`(select json_group_object(own.key_id, own.signature)
      from ${auditHeads} as own where own.key_id in (select value from json_each(${arg('keyIds')})))`),
    seq: value<number | null>(sql`event.seq`),
    sealed: values<unknown>(SEALED_COLUMNS.map((name) => sql.raw(`event.${name}`))),
  },
  from: sql`from ${auditChain} as chain left join ${events} as event on event.seq > chain.head_seq
    where chain.id = 1 order by event.seq limit ${arg('limit')}`,
}));
const advance = statement(
  () => sql`update ${auditChain} set head_seq = ${arg('seq')}, head_hash = ${arg('hash')}
    where id = 1 and head_seq = ${arg('readSeq')} and head_hash = ${arg('readHash')}`,
);
const storeHead = afterChange(
  (
    changed,
  ) => sql`insert into ${auditHeads} (key_id, seq, signature) select ${arg('keyId')}, ${arg('seq')}, ${arg('signature')}
    where ${changed} on conflict (key_id) do update set seq = excluded.seq, signature = excluded.signature`,
);
const writeHashes = afterChange(
  (changed) => sql`update ${events} set hash = given.value ->> 'hash' from json_each(${arg('seals')}) as given
    where ${events}.seq = given.value ->> 'seq' and ${changed}`,
);

/** Seals the next rows and signs the last, the head. Does nothing after a concurrent run. Throws UnsignedHead. */
export async function sealChunk(
  db: Db,
  signer: HeadSigner,
): Promise<{ readonly sealed: number; readonly signed: ChainHead | null }> {
  const rows = await unsealed(db, { limit: SEAL_ROWS, keyIds: JSON.stringify(signer.keyIds) });
  const [first] = rows;
  if (first === undefined) throw new Error('the audit log has no chain');
  const { head: sealedHead, signatures } = first;
  let head: ChainHead = sealedHead;
  const signedBy = await keysThatSigned(head, signatures, signer);
  const seals: ChainHead[] = [];
  for (const { seq, sealed } of rows) {
    if (seq === null) break;
    head = { seq, hash: await computeSeal(head.hash, sealed) };
    seals.push(head);
  }
  if (seals.length === 0 && (head.seq === 0 || signedBy.includes(signer.keyId))) return { sealed: 0, signed: null };
  const signature = await signer.sign(head);
  const [advanced] = await db.batch([
    ...chain(
      advance(db, { ...head, readSeq: sealedHead.seq, readHash: sealedHead.hash }),
      storeHead(db, { keyId: signer.keyId, seq: head.seq, signature }),
      writeHashes(db, { seals: JSON.stringify(seals) }),
    ),
  ]);
  return { sealed: seals.length, signed: advanced?.meta.changes === 0 ? null : head };
}

/** Throws UnsignedHead if none signed, unless nothing is sealed or signed yet. */
async function keysThatSigned(
  { seq, hash }: ChainHead,
  signatures: Readonly<Record<string, string>>,
  { open }: HeadSigner,
): Promise<readonly string[]> {
  const opened = await Promise.all(
    Object.entries(signatures).map(async ([keyId, signature]) => ({ keyId, head: await open(signature) })),
  );
  const signed = opened.filter(({ head }) => head?.seq === seq && head.hash === hash);
  if (signed.length === 0 && (seq > 0 || opened.length > 0)) throw new UnsignedHead(`the head ${seq} is not signed`);
  return signed.map(({ keyId }) => keyId);
}
