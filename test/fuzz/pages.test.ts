import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { addressHash } from '../../src/auth/secrets/address-hash.ts';
import { sha256 } from '../../src/auth/secrets/digest.ts';
import { newSubscriptionToken } from '../../src/auth/secrets/subscription-token.ts';
import { documentedV3 } from '../../src/dialects/v3/documented.ts';
import { storeDevEmail } from '../../src/emails/transports/dev-mailbox.ts';
import { readEnv } from '../../src/env.ts';
import { endpoints } from '../../src/routes.ts';
import { useProvider } from '../support/people/google.ts';
import { withLink } from '../support/people/links.ts';
import { VERIFIER } from '../support/people/oauth.ts';
import { newBrowser } from '../support/people/page-browser.ts';
import { passwordStep } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';
import { casesOf, fuzz, fuzzTimeoutMs } from './fuzz.ts';
import { PAGES_SHARE } from './fuzz-dialect.ts';
import { JOURNEYS, REDIRECT_URI, reachesOf } from './journeys.ts';
import { pageOperations } from './page-operations.ts';
import { openFuzzScene, PASSWORD } from './scene.ts';
import { remember, StandIns } from './stand-ins.ts';
import type { Callers } from './steps.ts';

const share = PAGES_SHARE;

/** Browsers and applications say who they are by other means, and a credential of the API says nothing here. */
const callers: Callers = () => [
  [20, 'nobody'],
  [1, 'client'],
  [1, 'everyRole'],
  [1, 'basic'],
  [1, 'garbage'],
];

beforeAll(muteQueues);
beforeAll(() => useProvider());

/** A scene of v3 with a browser in which somebody has signed in, and a client that may ask users for their consent. */
async function open() {
  const scene = await openFuzzScene(documentedV3);
  const { memory, client } = scene;
  const [email = ''] = memory.get('email') ?? [];
  const browser = newBrowser();
  await passwordStep(browser, email, PASSWORD);
  await rows('update api_clients set redirect_uris = ? where id = ?', JSON.stringify([REDIRECT_URI]), client.id);
  const known = {
    cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '),
    client_id: client.id,
    client_secret: client.secret,
    code_challenge: await sha256(VERIFIER),
    file: 'page.css',
    access_token: scene.callers['client']?.replace('Bearer ', ''),
  };
  for (const [name, value] of Object.entries(known)) remember(memory, name, value);
  remember(memory, 'file', 'activate.css');
  const linked = await withLink();
  remember(memory, 'token', linked.token);
  for (const { token } of scene.people.invited.by) remember(memory, 'token', token);
  for (const mail of linked.inbox()) {
    storeDevEmail(readEnv(env), mail);
    remember(memory, 'id', mail.id);
  }
  const resellerId = memory.get('accountId')?.[0] ?? '';
  const subscriber = {
    userId: memory.get('userId')?.[0] ?? '',
    resellerId,
    addressHash: await addressHash(resellerId, 'reader@example.com'),
  };
  remember(memory, 'token', await newSubscriptionToken(readEnv(env), subscriber));
  return scene;
}

test('whatever the pages and OAuth are sent, they answer as they do', {
  timeout: fuzzTimeoutMs({ share }),
}, async () => {
  const standIns = new StandIns();
  const operations = pageOperations(standIns);
  const { cases, taken, refused, missed, travelled } = await fuzz({
    name: 'pages',
    share,
    operations,
    standIns,
    callers,
    journeys: JOURNEYS.pages,
    open,
  });
  expect(cases).toBeGreaterThanOrEqual(casesOf({ share }));
  expect(Math.min(taken, refused)).toBeGreaterThan(cases / 10);
  expect(missed).toEqual([]);
  expect([...travelled]).toEqual(expect.arrayContaining(reachesOf(JOURNEYS.pages)));
});

test('every address beside the dialects is among those that are sent requests', () => {
  const addresses = endpoints.map(({ path }) => path).filter((path) => !path.endsWith('/openapi.json'));
  const sent = pageOperations(new StandIns()).map(({ path }) => path);
  expect(addresses.length).toBeGreaterThan(30);
  // The second address of the dialect's token endpoint answers as the first.
  expect(addresses.filter((path) => path !== '/token' && !sent.includes(path))).toEqual([]);
});
