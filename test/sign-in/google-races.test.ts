import { beforeEach, expect, inject, test, vi } from 'vitest';
import { statementsOf, wasteOf } from '../support/measures/plans.ts';
import { accountAt, signInAs, signInOnPageAs, tracesOf, useProvider } from '../support/people/google.ts';
import { newBrowser } from '../support/people/page-browser.ts';
import { changeSessions } from '../support/people/sessions.ts';
import { countedFailures } from '../support/people/sign-in-failures.ts';
import { giveTotp, makePerson } from '../support/people/sign-in-people.ts';
import { muteQueues } from '../support/queues.ts';
import { newUser, rows } from '../support/world.ts';

const { issuer } = JSON.parse(inject('providers').google);

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
  useProvider();
});

/** Has something happen right before the first batch that writes into this table. */
function beforeWriting(table: string, meanwhile: () => Promise<unknown>): void {
  let met = false;
  const texts = new WeakMap<D1PreparedStatement, string>();
  const textOf = (sql: string, made: D1PreparedStatement): D1PreparedStatement => {
    texts.set(made, sql);
    const bind = made.bind.bind(made);
    made.bind = (...values) => {
      const bound = bind(...values);
      texts.set(bound, sql);
      return bound;
    };
    return made;
  };
  changeSessions((db) => ({
    prepare: (sql) => textOf(sql, db.prepare(sql)),
    batch: async (statements) => {
      if (!met && statements.some((statement) => texts.get(statement)?.startsWith(`insert into "${table}"`))) {
        met = true;
        await meanwhile();
      }
      return db.batch(statements);
    },
  }));
}

const link = (subject: string, userId: string) =>
  rows('insert into external_identities values (?, ?, ?, ?, 1)', issuer, subject, userId, 'then@example.com');

test('nobody is linked whose address has just changed', async () => {
  const { id, userId, email } = await makePerson();
  beforeWriting('external_identities', () =>
    rows("update users set email = 'x@example.com', email_key = id, updated_at = updated_at + 1 where id = ?", userId),
  );
  const browser = newBrowser();
  expect(await signInAs(accountAt(email), id, browser)).toMatchObject({ status: 400 });
  expect(await countedFailures(browser)).toMatchObject([{ reason: 'unknown-user' }]);
  expect(await tracesOf(userId)).toMatchObject({
    identities: [],
    sessions: [],
    types: [],
    mails: 0,
    user: { google_sso_enabled: 0 },
  });
});

test('nobody gets a second account who has just been given one', async () => {
  const { id, userId, email } = await makePerson();
  beforeWriting('external_identities', () => link(`first of ${userId}`, userId));
  const browser = newBrowser();
  expect(await signInAs(accountAt(email), id, browser)).toMatchObject({ status: 400 });
  expect(await countedFailures(browser)).toMatchObject([{ reason: 'other-identity' }]);
  const { identities, sessions, mails } = await tracesOf(userId);
  expect({ identities, sessions, mails }).toMatchObject({ identities: [{}], sessions: [], mails: 0 });
});

test('an account that has just become somebody else’s signs that one in', async () => {
  const { id, base, api, userId, email } = await makePerson();
  const { body: other } = await api.post(`${base}/users`, { ...newUser(), organizationId: null });
  const person = accountAt(email);
  beforeWriting('external_identities', () => link(person.sub, other.id));
  expect(await signInAs(person, id)).toMatchObject({ status: 200 });
  expect(await tracesOf(userId)).toMatchObject({ identities: [], sessions: [], types: [] });
  expect((await tracesOf(other.id)).sessions).toHaveLength(1);
});

test('who has just been given a second factor is not in without it', async () => {
  const { id, userId, email } = await makePerson();
  beforeWriting('sessions', () => giveTotp(userId));
  expect(await signInAs(accountAt(email), id)).toMatchObject({ status: 400 });
  expect(await tracesOf(userId)).toMatchObject({ sessions: [], user: { last_login_at: null } });
});

test('no statement of signing in with a provider scans a table or sorts its result', async () => {
  const { id, base, api, email } = await makePerson();
  const { name } = (await api.get(base)).body;
  const person = accountAt(email);
  const statements = await statementsOf(async () => {
    await api.put(`${base}/sign-in-settings`, { googleHostedDomain: null, requireTwoFactor: false });
    await api.get(`${base}/sign-in-settings`);
    await newBrowser().get(`/v3/accounts/login-google?accountAlias=${encodeURIComponent(name)}`);
    expect(await signInAs(person, id)).toMatchObject({ status: 200 });
    expect(await signInOnPageAs(person)).toMatchObject({ status: 303 });
    await signInAs(accountAt('nobody@example.com'), id);
  });
  const about = [...statements].filter((sql) => /external_identities|sign_in_flows|google_hosted_domain/.test(sql));
  expect(about.length).toBeGreaterThan(10);
  // The subqueries are the one row that these start from, `(select 1)`.
  const waste = Object.values(await wasteOf(about)).flat();
  expect(waste.filter((detail) => !/^SCAN \(subquery-\d+\)$/.test(detail))).toEqual([]);
});
