import { beforeAll, expect, test } from 'vitest';
import { keysOf } from '../../src/auth/tokens/issuers.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { makePlace } from '../support/outside/place.ts';
import { muteQueues } from '../support/queues.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';

beforeAll(muteQueues);

const STATUSES = [300, 301, 302, 303, 307, 308];

test.each(STATUSES)('a receiver that answers %i leads a delivery nowhere', async (status) => {
  const [place, inside] = [makePlace(), makePlace()];
  await place.answer({ status, headers: { Location: inside.url, Refresh: `0; url=${inside.url}` } });
  const world = stoppedWorld();
  const pending = await makePending(place);
  await fanOut(world.worker, [pending.eventId]);
  await world.arrive([pending.wake]);
  expect(await inside.seen()).toEqual([]);
  expect(await place.seen()).toHaveLength(1);
  expect(await pending.delivery()).toMatchObject({ state: 'pending', attempts: 1 });
  expect(await pending.attempts()).toMatchObject([{ status_code: status }]);
});

test.each(STATUSES)('a key server that answers %i leads nowhere either', async (status) => {
  const [place, inside] = [makePlace(), makePlace()];
  await inside.answer({ body: '{"keys":[]}', headers: { 'content-type': 'application/json' } });
  await place.answer({ status, headers: { Location: inside.url } });
  const header = { alg: 'ES256', kid: 'one' };
  await expect(async () => keysOf({ jwksUri: place.url })(header, {} as never)).rejects.toThrow();
  expect(await place.seen()).toHaveLength(1);
  expect(await inside.seen()).toEqual([]);
});
