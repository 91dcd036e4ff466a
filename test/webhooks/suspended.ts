import { suspendWebhook } from '../../src/domain/webhooks/suspension.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

/** A webhook that was suspended for failing, whose event nobody has fanned out yet. */
export async function makeSuspended() {
  const { id, api, endpoint } = await makePending();
  const { worker, clock } = stoppedWorld();
  await rows("update webhook_endpoints set status = 'unhealthy' where id = ?", endpoint.id);
  const given = { attemptedUrl: null, now: clock.nowMs, newId: worker.newId };
  const eventId = await suspendWebhook(worker.db, endpoint.id, given);
  if (eventId === null) throw new Error('the webhook was not suspended');
  return { id, api, endpoint, eventId };
}
