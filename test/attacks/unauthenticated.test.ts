import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runJobs } from '../../src/jobs/index.ts';
import {
  FLOWS_MAX,
  IPV6_SITE_FACTOR,
  LINK_MAILS_MAX,
  SIGN_IN_ADDRESS_FAILURES_MAX,
  SIGN_IN_FAILURES_HOUR_MS,
  SIGN_IN_WINDOW_MS,
  STATE_MAX_CHARS,
} from '../../src/model/limits/index.ts';
import { footprint } from '../support/measures/footprint.ts';
import { newAuthenticator } from '../support/people/authenticator.ts';
import { begunFlows } from '../support/people/flows.ts';
import { makeDelegation } from '../support/people/oauth.ts';
import { flowIn, newBrowser } from '../support/people/page-browser.ts';
import { whenSettled } from '../support/people/sign-in-failures.ts';
import { passkeyStep, sendPasskey } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  // All of it is within one hour, by which failures are counted.
  const hour = Math.floor(Date.now() / SIGN_IN_FAILURES_HOUR_MS) * SIGN_IN_FAILURES_HOUR_MS;
  vi.useFakeTimers({ toFake: ['Date'], now: hour + 10 * 60_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A /48 with five networks, more than its quota is of, and another with one. */
const NETWORKS = [...['0', '1', '2', '3', '4'].map((subnet) => `2001:db8:a:${subnet}`), '2001:db8:b:0'];
const allowed = (max: number) => max * IPV6_SITE_FACTOR + max;
const ROUNDS = 40;
const ROUNDS_IN_A_WINDOW = 4;
const RATE_WINDOW_MS = 10_000;

/** A browser of a network that has begun a sign-in, and a passkey that nobody has. */
async function attackFrom(network: string) {
  const browser = newBrowser('en', `${network}::1`);
  const flow = flowIn(await browser.open('/sign-in'));
  const { credential } = await passkeyStep(browser, flow, await newAuthenticator('https://edge.localhost'), {
    userHandle: null,
  });
  return { browser, flow, credential };
}
type Attacker = Awaited<ReturnType<typeof attackFrom>>;

/** All attackers do this, round after round; the clock goes on, so that the rates alone stop none of them. */
async function flood(
  attackers: readonly Attacker[],
  step: (attacker: Attacker, n: number) => Promise<unknown>,
): Promise<void> {
  for (let n = 0; n < ROUNDS; n++) {
    if (n % ROUNDS_IN_A_WINDOW === 0) vi.setSystemTime(Date.now() + RATE_WINDOW_MS);
    await Promise.all(attackers.map((attacker) => step(attacker, n)));
  }
}

/** By how much each table grows. */
async function growth(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await footprint();
  await work();
  const after = Object.entries(await footprint());
  const grown = after.map(([name, rows]): [string, number] => [name, rows - (before[name] ?? 0)]);
  return Object.fromEntries(grown.filter(([, rows]) => rows !== 0));
}

const databaseBytes = async () => (await env.DB.prepare('select 1').run()).meta.size_after;
const nobody = () => `${crypto.randomUUID()}@example.com`;

test('whatever is asked for without a credential, and from however many networks, few rows and bytes come of it', {
  timeout: 240_000,
}, async () => {
  const of = await makeDelegation();
  const authorization = await of.path({ state: 's'.repeat(STATE_MAX_CHARS) });
  const tooLong = await of.path({ state: 's'.repeat(STATE_MAX_CHARS + 1) });
  const attackers = await Promise.all(NETWORKS.map(attackFrom));
  const begun = FLOWS_MAX - ROUNDS;
  for (const network of NETWORKS.slice(1)) await begunFlows(network, begun);
  const bytes = await databaseBytes();
  const { sign_in_flows: flows, ...others } = await growth(() =>
    flood(attackers, async ({ browser }, n) => {
      await browser.get('/sign-in');
      await browser.get(authorization);
      await browser.get(tooLong);
      await browser.post('/oauth/revoke', { token: `guess-${n}` });
      await browser.post('/oauth/token', { grant_type: 'refresh_token', refresh_token: `guess-${n}` });
      await browser.postJson('/activate/mail', { email: n % 2 === 0 ? of.email : nobody() });
      await browser.postJson('/activate/password', { token: `guess-${n}`, password: 'Correct-horse-8' });
      await browser.post(`/unsubscribe/guess-${n}`, {});
      await browser.get(`/nowhere-${n}`);
    }),
  );
  expect(flows).toBe(allowed(FLOWS_MAX) - (begun + 1) * (NETWORKS.length - 1) - 1);
  expect(others).toEqual({ emails: LINK_MAILS_MAX, events: LINK_MAILS_MAX });

  const failed = await growth(() =>
    flood(attackers, async ({ browser, flow, credential }) => {
      await browser.postJson('/v3/accounts/login', { accountId: of.id, email: nobody(), password: 'guess' });
      const id = crypto.randomUUID().replaceAll('-', '');
      await sendPasskey(browser, flow, { ...credential, id, rawId: id });
    }),
  );
  expect(failed).toEqual({
    sign_in_attempts: allowed(SIGN_IN_ADDRESS_FAILURES_MAX) - NETWORKS.length,
    sign_in_failures: NETWORKS.length,
  });
  expect((await databaseBytes()) - bytes).toBeLessThan(8 * 1024 * 1024);

  const { worker, clock } = stoppedWorld(whenSettled(Date.now()) + SIGN_IN_WINDOW_MS);
  const { events } = await growth(async () => {
    for (let minute = 0; minute < 10; minute++) {
      await runJobs(worker, '* * * * *');
      clock.nowMs += 60_000;
    }
  });
  // One entry for each reason: no such user, no such passkey.
  expect(events).toBe(2);
  expect(await footprint()).toMatchObject({ sign_in_flows: 0, sign_in_attempts: 0, sign_in_failures: 0 });
});
