import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { callerFor, makeReseller, newOrganization, newUser, operator } from '../support/world.ts';

/** Runs `work` and gives the SQL of every statement that it prepared. */
async function statementsOf(work: () => Promise<unknown>): Promise<Set<string>> {
  const seen = new Set<string>();
  const original = env.DB.withSession;
  env.DB.withSession = (...given) => {
    const session = original.apply(env.DB, given);
    const prepare = session.prepare.bind(session);
    session.prepare = (sql) => {
      seen.add(sql);
      return prepare(sql);
    };
    return session;
  };
  await work().finally(() => {
    env.DB.withSession = original;
  });
  return seen;
}

async function planOf(sql: string): Promise<string[]> {
  const values = Array(sql.split('?').length - 1).fill(null);
  const { results } = await env.DB.prepare(`explain query plan ${sql}`)
    .bind(...values)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}

/** Reading a whole table, or sorting what an index could have given in order. */
const wasteful = (detail: string) =>
  (/^SCAN (?!CONSTANT ROW|json_each|given|wanted)/.test(detail) && !detail.includes('USING')) ||
  detail.includes('TEMP B-TREE');

test('no statement of a request scans a table or sorts its result', async () => {
  const { base, api } = await makeReseller();
  const platform = await operator();
  const statements = await statementsOf(async () => {
    const organization = await api.post(`${base}/organizations`, newOrganization(), { 'Idempotency-Key': 'a' });
    const user = await api.post(`${base}/users`, { ...newUser(), organizationId: organization.body.id });
    await api.post(`${base}/users`, { ...newUser(), email: user.body.email });
    await api.get(`${base}/users/${user.body.id}`);
    for (const list of [`${base}/users`, `${base}/organizations`]) {
      for (const sort of ['createdAt', 'updatedAt', 'name', 'email']) {
        for (const direction of ['', '-']) {
          const page = await api.get(`${list}?limit=1&sort=${direction}${sort}`);
          const next = /after=([^&>]+)/.exec(page.headers.get('Link') ?? '')?.[1];
          if (next !== undefined) await api.get(`${list}?limit=1&sort=${direction}${sort}&after=${next}`);
        }
      }
    }
    await api.get(`${base}/users?search=x&role[in]=a,b&email[sw]=c&createdAt[gt]=2020-01-01`);
    for (const caller of [api, platform]) {
      for (const sort of ['createdAt', '-updatedAt', 'name', '-email']) await caller.get(`/v3/resellers?sort=${sort}`);
      const feed = await caller.get('/v3/events?limit=1');
      await caller.get(`/v3/events?after=${feed.body[0].id}`);
    }
    const webhook = { name: 'w', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
    const made = await api.post('/v3/webhooks', webhook);
    for (const sort of ['createdAt', '-updatedAt', 'name']) await api.get(`/v3/webhooks?sort=${sort}`);
    await api.patch(`/v3/webhooks/${made.body.id}`, { name: 'v' });
    await api.delete(`/v3/webhooks/${made.body.id}`);
    await api.patch(`${base}/users/${user.body.id}`, { firstName: 'x', organizationId: null });
    await api.patch(`${base}/organizations/${organization.body.id}`, { name: 'x' });
    await api.delete(`${base}/users/${user.body.id}`);
    await api.delete(`${base}/organizations/${organization.body.id}`);
    await platform.patch(base, { description: 'x' });
    await callerFor(null);
    await platform.delete(base);
  });
  expect(statements.size).toBeGreaterThan(50);
  const found: Record<string, string[]> = {};
  for (const sql of statements) {
    const details = (await planOf(sql)).filter(wasteful);
    if (details.length > 0) found[sql.replace(/\s+/g, ' ')] = details;
  }
  expect(found).toEqual({});
});
