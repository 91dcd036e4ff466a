import { stamps } from '../examples.ts';

export const examples = {
  Job: {
    name: 'purge',
    schedule: '* * * * *',
    running: false,
    lastStartedAt: stamps.createdAt,
    lastFinishedAt: '2019-08-24T14:15:24.914Z',
    lastSucceededAt: '2019-08-24T14:15:24.914Z',
    durationMs: 2502,
    counts: { idempotencyKeys: 4100, webhookAttempts: 900 },
    more: false,
    failures: [],
    lag: 12,
  },
};
