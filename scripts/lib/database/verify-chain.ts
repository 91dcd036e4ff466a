import { openHead } from '../../../src/auth/tokens/audit-heads.ts';
import type { Verifiers } from '../../../src/auth/tokens/keys.ts';
import { type ChainHead, computeSeal, SEALED_COLUMNS } from '../../../src/model/events/audit-chain.ts';

export type Chain = {
  readonly start_seq: number;
  readonly start_hash: string;
  readonly head_seq: number;
  readonly head_hash: string;
  readonly gaps_until: number;
  readonly heads: string;
};
export type ChainRow = Readonly<Record<string, unknown>> & { readonly seq: number; readonly hash: string | null };
export type Evidence = { readonly keys: Verifiers; readonly known: ChainHead | null };

export type Verdict =
  | {
      readonly sound: true;
      readonly sealed: number;
      readonly unsealed: number;
      readonly head: ChainHead;
      /** Signed by unknown keys. */
      readonly unknownKeys: readonly string[];
    }
  /** The first altered row. */
  | { readonly sound: false; readonly seq: number; readonly id: string | null; readonly problem: string };
type ReadRows = (beyond: number) => Promise<readonly ChainRow[]>;

export const READ_COLUMNS = [...SEALED_COLUMNS, 'hash'];

export const READ_CHAIN = `SELECT *, (SELECT json_group_array(json_object('keyId', key_id, 'seq', seq, 'signature', signature))
  FROM audit_heads) AS heads FROM audit_chain`;

const contradicts = (head: ChainHead, knownHeads: readonly ChainHead[]) =>
  knownHeads.some(({ seq, hash }) => seq === head.seq && hash !== head.hash);
const missingRow = (seq: number, problem: string): Verdict => ({ sound: false, seq, id: null, problem });
const alteredRow = ({ seq, id }: ChainRow, problem: string): Verdict => ({
  sound: false,
  seq,
  id: String(id),
  problem,
});
const missingRows = (seq: number, before: ChainRow | null, suffix = '') =>
  missingRow(seq, `is missing${before === null ? '' : `, after id ${JSON.stringify(before['id'])}`}${suffix}`);

/** `readRows` returns rows after a seq in order. A rewritten log contradicts a signed or recorded head. */
export async function verifyLog(
  readChain: () => Promise<Chain>,
  readRows: ReadRows,
  evidence: Evidence,
): Promise<Verdict> {
  const chain = await readChain();
  let followed = chain.start_seq;
  const verdict = await verifyChain(chain, readRows, evidence, (seq) => {
    followed = seq;
  });
  // Rows may have been purged meanwhile.
  const purgedMeanwhile = !verdict.sound && (await readChain()).start_seq > followed;
  return purgedMeanwhile ? verifyLog(readChain, readRows, evidence) : verdict;
}

/** Without concurrent purges. `follow` receives each intact row. */
async function verifyChain(
  chain: Chain,
  readRows: ReadRows,
  { keys, known }: Evidence,
  follow: (seq: number) => void,
): Promise<Verdict> {
  const { signed, forged, unknownKeys } = await readHeads(chain, keys);
  const knownHeads = [...signed, ...(known === null ? [] : [known]), { seq: chain.head_seq, hash: chain.head_hash }];
  let last: ChainHead = { seq: chain.start_seq, hash: chain.start_hash };
  if (forged !== null) return missingRow(forged, 'is said to be signed as a head, and is not');
  if (known !== null && known.seq < last.seq) return missingRow(known.seq, 'was noted, and is not kept any more');
  if (contradicts(last, knownHeads)) return missingRow(last.seq, 'had another seal than was noted');
  let [sealed, unsealed, seq] = [0, 0, last.seq];
  let before: ChainRow | null = null;
  for (let rows = await readRows(seq); rows.length > 0; rows = await readRows(seq)) {
    for (const row of rows) {
      const next = Math.max(seq, chain.gaps_until) + 1;
      if (row.seq > next) return missingRows(next, before);
      seq = row.seq;
      before = row;
      if (row.hash === null && seq <= chain.head_seq) return alteredRow(row, 'has lost its seal');
      // Seals beyond the signed head are not vouched for yet.
      if (seq > chain.head_seq) {
        unsealed += 1;
        continue;
      }
      const values = SEALED_COLUMNS.map((name) => row[name]);
      if (row.hash !== (await computeSeal(last.hash, values)))
        return alteredRow(row, 'is altered, or one right before it is missing');
      last = { seq, hash: row.hash };
      sealed += 1;
      if (contradicts(last, knownHeads)) return alteredRow(row, 'has another seal than was signed or noted');
      follow(seq);
    }
  }
  const until = Math.max(...knownHeads.map(({ seq }) => seq));
  if (last.seq < until)
    return missingRows(
      last.seq + 1,
      before?.seq === last.seq ? before : null,
      `, and so is whatever came after it up to ${until}`,
    );
  if (last.seq > 0 && !signed.some(({ seq }) => seq === last.seq))
    return missingRow(last.seq, 'is the last that is sealed, and none of the given keys signed it');
  return { sound: true, sealed, unsealed, head: last, unknownKeys };
}

async function readHeads({ heads }: Chain, keys: Verifiers) {
  const stored: readonly { keyId: string; seq: number; signature: string }[] = JSON.parse(heads);
  const known = stored.filter(({ keyId }) => keys.has(keyId));
  const opened = await Promise.all(
    known.map(async ({ seq, signature }) => ({ seq, head: await openHead(signature, keys) })),
  );
  return {
    signed: opened.flatMap(({ seq, head }) => (head?.seq === seq ? [head] : [])),
    forged: opened.find(({ seq, head }) => head?.seq !== seq)?.seq ?? null,
    unknownKeys: stored.filter(({ keyId }) => !keys.has(keyId)).map(({ keyId }) => keyId),
  };
}
