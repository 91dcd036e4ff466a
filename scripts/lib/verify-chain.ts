import { SEALED_COLUMNS, sealOf } from '../../src/model/audit-chain.ts';

/** The row of `audit_chain`. */
export type Chain = {
  readonly start_seq: number;
  readonly start_hash: string;
  readonly head_seq: number;
  readonly head_hash: string;
  readonly gaps_until: number;
};
/** A row of `events`, by its columns. */
export type Row = Readonly<Record<string, unknown>> & { readonly seq: number; readonly hash: string | null };
export type Head = { readonly seq: number; readonly hash: string };

export type Verdict =
  | { readonly sound: true; readonly sealed: number; readonly unsealed: number; readonly head: Head }
  /** The first row that is not as it was, its id if it is there, and what is wrong about it. */
  | { readonly sound: false; readonly seq: number; readonly id: string | null; readonly problem: string };
type ReadRows = (beyond: number) => Promise<readonly Row[]>;

/** What of `events` there is to read. */
export const READ_COLUMNS = [...SEALED_COLUMNS, 'hash'];

const differs = (head: Head, noted: Head | null) => noted?.seq === head.seq && noted.hash !== head.hash;
const gone = (seq: number, problem: string): Verdict => ({ sound: false, seq, id: null, problem });
const wrong = ({ seq, id }: Row, problem: string): Verdict => ({ sound: false, seq, id: String(id), problem });
const missing = (seq: number, before: Row | null, andMore = '') =>
  gone(seq, `is missing${before === null ? '' : `, after id ${JSON.stringify(before['id'])}`}${andMore}`);

/**
 * Follows the chain of the audit log from its oldest row. `readRows` gives the next ones in the order of seq, beyond the given
 * one. `known`: a head noted earlier, by which a log shows that was written anew as a whole.
 */
export async function verifyLog(
  readChain: () => Promise<Chain>,
  readRows: ReadRows,
  known: Head | null,
): Promise<Verdict> {
  const chain = await readChain();
  let followed = chain.start_seq;
  const verdict = await verifyChain(chain, readRows, known, (seq) => {
    followed = seq;
  });
  // What is missing may have been purged meanwhile, where the log begins beyond what was followed.
  const overtaken = !verdict.sound && (await readChain()).start_seq > followed;
  return overtaken ? verifyLog(readChain, readRows, known) : verdict;
}

/** The same where nothing is purged meanwhile. `follow` hears of each row that is as it was sealed. */
async function verifyChain(
  chain: Chain,
  readRows: ReadRows,
  known: Head | null,
  follow: (seq: number) => void,
): Promise<Verdict> {
  let last: Head = { seq: chain.start_seq, hash: chain.start_hash };
  if (known !== null && known.seq < last.seq) return gone(known.seq, 'was noted, and is not kept any more');
  if (differs(last, known)) return gone(last.seq, 'had another seal than was noted');
  let [sealed, unsealed, seq] = [0, 0, last.seq];
  let before: Row | null = null;
  for (let rows = await readRows(seq); rows.length > 0; rows = await readRows(seq)) {
    for (const row of rows) {
      const next = Math.max(seq, chain.gaps_until) + 1;
      if (row.seq > next) return missing(next, before);
      seq = row.seq;
      before = row;
      if (row.hash === null && seq <= chain.head_seq) return wrong(row, 'has lost its seal');
      // What stands behind one that is not sealed is beyond the head, and may have been sealed while this is reading.
      if (row.hash === null || unsealed > 0) {
        unsealed += 1;
        continue;
      }
      const values = SEALED_COLUMNS.map((name) => row[name]);
      if (row.hash !== (await sealOf(last.hash, values)))
        return wrong(row, 'is altered, or one right before it is missing');
      last = { seq, hash: row.hash };
      sealed += 1;
      if (differs(last, known) || differs(last, { seq: chain.head_seq, hash: chain.head_hash }))
        return wrong(row, 'has another seal than was noted');
      follow(seq);
    }
  }
  const until = Math.max(chain.head_seq, known?.seq ?? 0);
  if (last.seq < until)
    return missing(
      last.seq + 1,
      before?.seq === last.seq ? before : null,
      `, and so is whatever came after it up to ${until}`,
    );
  return { sound: true, sealed, unsealed, head: last };
}
