/**
 * `npm run audit:verify -- [--jwks <file or URL>] [--head <seq>:<hash>] [--local]`: verifies that every audit row is as it
 * was sealed. `--head` compares with a head from the Worker's log, `--jwks` gives the public keys.
 */

import type { ChainHead } from '../src/model/events/audit-chain.ts';
import { CommandError, main } from './lib/command-error.ts';
import { readCommandLine } from './lib/command-line.ts';
import { auditKeys } from './lib/database/audit-keys.ts';
import { execute } from './lib/database/d1.ts';
import {
  type Chain,
  type ChainRow,
  READ_CHAIN,
  READ_COLUMNS,
  type Verdict,
  verifyLog,
} from './lib/database/verify-chain.ts';

/** Some megabytes per wrangler call. */
const PAGE_ROWS = 1000;

await main(async () => {
  const { known, local, jwks } = readArguments();
  const verdict = await verifyLog(
    () => readChain(local),
    (beyond) => readRows(beyond, local),
    { keys: await auditKeys(jwks, local), known },
  );
  if (!verdict.sound) throw new CommandError(`Row ${verdict.seq}${idOf(verdict)} ${verdict.problem}.`);
  const { sealed, unsealed, head, unknownKeys } = verdict;
  if (head.seq === 0) throw new CommandError(`No head is signed: nothing vouches for the ${unsealed} rows of the log.`);
  console.log(
    `${sealed} sealed rows are as they were; ${unsealed} are not sealed yet. Signed head ${head.seq}:${head.hash}`,
  );
  if (unknownKeys.length > 0) console.log(`Not checked: heads of the keys ${JSON.stringify(unknownKeys)}.`);
});

/** An attacker may have written any text there. */
function idOf({ id }: Extract<Verdict, { sound: false }>): string {
  return id === null ? '' : ` (id ${JSON.stringify(id)})`;
}

async function readChain(local: boolean): Promise<Chain> {
  const [[chain] = []] = await execute(READ_CHAIN, local);
  if (chain === undefined) throw new CommandError('The row that says where the chain stands is missing.');
  return chain as Chain;
}

async function readRows(beyond: number, local: boolean): Promise<readonly ChainRow[]> {
  const sql = `SELECT ${READ_COLUMNS.join(', ')} FROM events WHERE seq > ${beyond} ORDER BY seq LIMIT ${PAGE_ROWS}`;
  const [rows = []] = await execute(sql, local);
  return rows as readonly ChainRow[];
}

function readArguments(): { known: ChainHead | null; local: boolean; jwks: readonly string[] } {
  return readCommandLine(
    'npm run audit:verify -- [--jwks <file or URL>]… [--head <seq>:<hash>] [--local]',
    {
      options: {
        jwks: { type: 'string', multiple: true, default: [] },
        head: { type: 'string' },
        local: { type: 'boolean', default: false },
      },
    },
    ({ values: { jwks, head, local } }) => ({ known: head === undefined ? null : readHead(head), local, jwks }),
  );
}

function readHead(text: string): ChainHead {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) throw new Error('no head');
  return { seq: Number(seq), hash };
}
