import { relay } from '../delivery/relay.ts';
import { endExpiredInvitations } from '../domain/users/expired-invitations.ts';
import { JOB_CHUNKS } from '../model/limits/index.ts';
import { logFault } from '../model/log.ts';
import type { Job } from './job.ts';

export const invitations: Job = {
  name: 'invitations',
  chunks: JOB_CHUNKS,
  steps: () => [
    {
      name: 'invitations',
      chunk: async ({ env, db, now, newId }) => {
        const { invitations, eventIds, more } = await endExpiredInvitations(db, { now: now(), newId });
        // The sweep retries events in the outbox.
        await relay(env, eventIds).catch((error) => logFault('relay', error));
        return { counts: { invitations }, more };
      },
    },
  ],
};
