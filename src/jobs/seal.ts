import { openHead, signHead } from '../auth/tokens/audit-heads.ts';
import { keyRing } from '../auth/tokens/keys.ts';
import { type HeadSigner, sealChunk } from '../db/events/audit-chain.ts';
import type { WorkerContext } from '../delivery/worker-context.ts';
import { SEAL_CHUNKS, SEAL_ROWS } from '../model/limits/index.ts';
import { logRecord } from '../model/log.ts';
import type { Job } from './job.ts';

/** The head also goes to the operator's log, which a database writer cannot alter (`npm run audit:verify -- --head`). */
export const seal: Job = {
  name: 'seal',
  chunks: SEAL_CHUNKS,
  steps: () => [
    {
      name: 'events',
      chunk: async ({ env, db }) => {
        const signer = await headSigner(env);
        const { sealed, signed } = await sealChunk(db, signer);
        if (signed !== null) logRecord('audit', { head: `${signed.seq}:${signed.hash}`, key: signer.keyId });
        return { counts: { events: sealed }, more: sealed === SEAL_ROWS };
      },
    },
  ],
};

async function headSigner(env: WorkerContext['env']): Promise<HeadSigner> {
  const { signer, auditVerifiers } = await keyRing(env);
  return {
    keyId: signer.kid,
    keyIds: [...auditVerifiers.keys()],
    sign: (head) => signHead(signer, head),
    open: (signature) => openHead(signature, auditVerifiers),
  };
}
