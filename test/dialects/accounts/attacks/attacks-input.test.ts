import { expect, test } from 'vitest';
import { makeReseller, operator, unique } from '../../../support/world.ts';

test.each(['ß', 'ﬁ', 'ﬆ', 'dé'])('%s is no country, whatever its capitals are', async (countryCode) => {
  const reply = await (await operator()).post('/v1.0/accounts', { name: unique('Account'), countryCode });
  expect([reply.status, reply.body.message]).toEqual([400, expect.stringContaining("'countryCode'")]);
});

test('something new is where its Location says, however many slashes the address had', async () => {
  const { id, api } = await makeReseller();
  const sent = { email: `${unique('m')}@example.com`, displayName: 'Jane' };
  const made = await api.post(`/v1.0/accounts/${id}/users/`, sent);
  const { pathname } = new URL(made.headers.get('Location') ?? '');
  expect([made.status, (await api.get(pathname)).body.data]).toEqual([201, made.body.data]);
});

test.each(['ﺀ\u202eevil', 'a  b', ' a\u00a0b ', '\u0130\u0307', 'x'.repeat(100), '😀'.repeat(50)])(
  'the name %j comes back as it was, and can be patched to itself',
  async (displayName) => {
    const { id, api } = await makeReseller();
    const made = await api.post(`/v1.0/accounts/${id}/users`, { email: `${unique('m')}@example.com`, displayName });
    expect([made.status, made.body.data.displayName]).toEqual([201, displayName.trim()]);
    const path = `/v1.0/accounts/${id}/users/${made.body.data.id}`;
    const same = { path: '/displayName', value: displayName.trim() };
    expect(
      (
        await api.patch(path, [
          { op: 'test', ...same },
          { op: 'replace', ...same },
        ])
      ).status,
    ).toBe(200);
    expect((await api.get(path)).body.data).toEqual(made.body.data);
  },
);

test('a cursor of one list is at most a place in another', async () => {
  const [mine, other] = [await makeReseller(), await makeReseller()];
  for (const { id, api } of [mine, other]) {
    for (let made = 0; made < 2; made++) {
      await api.post(`/v1.0/accounts/${id}/users`, { email: `${unique('m')}@example.com`, displayName: 'x' });
    }
  }
  const page = await other.api.get(`/v1.0/accounts/${other.id}/users?pageSize=1`);
  const after = new URL(/<([^>]+)>/.exec(page.headers.get('Link') ?? '')?.[1] ?? '').searchParams.get('after');
  const theirs = (await other.api.get(`/v1.0/accounts/${other.id}/users`)).body.data as { id: string }[];
  for (const list of ['users', 'clients']) {
    const seen = await mine.api.get(`/v1.0/accounts/${mine.id}/${list}?after=${after}`);
    expect(seen.status).toBe(200);
    for (const { id } of theirs) expect(seen.text).not.toContain(id);
  }
  expect((await mine.api.get(`/v1.0/accounts/${other.id}/users?after=${after}`)).status).toBe(404);
});
