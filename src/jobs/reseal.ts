import { reseal as sealAnew } from '../auth/secrets/seal.ts';
import {
  countSealedByOthers,
  findSealed,
  replaceSealed,
  SEALED_KINDS,
  type SealedKind,
} from '../db/jobs/sealed-secrets.ts';
import type { WorkerContext } from '../delivery/worker-context.ts';
import { totpPurpose } from '../domain/sign-in/second-factor.ts';
import { JOB_CHUNKS, RESEAL_ROWS } from '../model/limits/index.ts';
import type { ChunkResult, Job, JobStep } from './job.ts';

type Secret = { readonly name: string; readonly kind: SealedKind; readonly purposeOf: (id: string) => string };

const secrets: readonly Secret[] = [
  { name: 'webhookTokens', kind: SEALED_KINDS.webhookTokens, purposeOf: () => '' },
  { name: 'oldWebhookTokens', kind: SEALED_KINDS.oldWebhookTokens, purposeOf: () => '' },
  { name: 'totpSecrets', kind: SEALED_KINDS.totpSecrets, purposeOf: totpPurpose },
];

export const reseal: Job = {
  name: 'reseal',
  chunks: JOB_CHUNKS,
  steps: ({ env }) => {
    const [, ...older] = env.encryptionKeys;
    return older.flatMap(({ id }) => secrets.map((secret) => resealStep(secret, id)));
  },
  last: {
    name: 'left',
    chunk: async ({ env, db }) => {
      const [first] = env.encryptionKeys;
      return { counts: { left: await countSealedByOthers(db, first.id) }, more: false };
    },
  },
};

/** Skips rows that cannot be opened. */
function resealStep({ name, kind, purposeOf }: Secret, keyId: string): JobStep {
  let after = '';
  const chunk = async ({ env, db }: WorkerContext): Promise<ChunkResult> => {
    const found = await findSealed(db, kind, { keyId, after });
    after = found.at(-1)?.id ?? after;
    const reopened = await Promise.all(
      found.map(async ({ id, text }) => {
        const newText = await sealAnew(env, text, purposeOf(id)).catch(() => null);
        return newText === null ? [] : [{ id, text, newText }];
      }),
    );
    const resealed = reopened.flat();
    const counts = {
      [name]: await replaceSealed(db, kind, resealed),
      unreadable: found.length - resealed.length,
    };
    return { counts, more: found.length === RESEAL_ROWS };
  };
  return { name: `${name} by ${keyId}`, chunk };
}
