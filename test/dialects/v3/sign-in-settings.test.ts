import { beforeAll, expect, test } from 'vitest';
import { stateBefore } from '../../support/people/states.ts';
import { muteQueues } from '../../support/queues.ts';
import { makeReseller, rows } from '../../support/world.ts';

beforeAll(muteQueues);

async function makeSettings() {
  const reseller = await makeReseller();
  const path = `${reseller.base}/sign-in-settings`;
  const set = (googleHostedDomain: unknown) => reseller.api.put(path, { googleHostedDomain, requireTwoFactor: false });
  const audited = async () => {
    const found = await rows(
      "select actor, subject, before, after, audit_only from events where reseller_id = ? and type = 'account.sign-in-settings-changed' order by seq",
      reseller.id,
    );
    return found.map((row) => ({ ...row, before: stateBefore(row), after: JSON.parse(row.after) }));
  };
  return { ...reseller, path, set, audited };
}

test('any account at Google will do until a domain is set', async () => {
  const { api, path, set } = await makeSettings();
  expect(await api.get(path)).toMatchObject({ status: 200, body: { googleHostedDomain: null } });
  expect(await set(' Example.COM ')).toMatchObject({ status: 200, body: { googleHostedDomain: 'example.com' } });
  expect(await api.get(path)).toMatchObject({ status: 200, body: { googleHostedDomain: 'example.com' } });
  expect(await set(null)).toMatchObject({ status: 200, body: { googleHostedDomain: null } });
  expect(await api.get(path)).toMatchObject({ status: 200, body: { googleHostedDomain: null } });
});

test('each change is written into the audit log, and told to nobody else', async () => {
  const { id, api, set, audited } = await makeSettings();
  await set('example.com');
  await set(null);
  const row = { actor: `client:${api.client.id}`, subject: id, audit_only: 1 };
  const [none, one] = [null, 'example.com'].map((googleHostedDomain) => ({
    googleHostedDomain,
    googleSignIn: 'automatic',
    requireTwoFactor: false,
  }));
  expect(await audited()).toEqual([
    { ...row, before: none, after: one },
    { ...row, before: one, after: none },
  ]);
});

test.each([
  ['', 'example', 'example.', '.example.com', 'a..com', '-a.com', 'a-.com', 'exa mple.com', '10.0.0.1', 'a.1'],
  ['https://example.com', 'example.com/', 'example.com:443', 'a@example.com', '*.example.com', 'bücher.example'],
  [`${'a'.repeat(64)}.com`, `${'a.'.repeat(126)}com`, 7, true, ['example.com'], undefined],
])('what is no host name is refused: %j, %j, %j …', async (...names) => {
  const { set, audited } = await makeSettings();
  for (const name of names) {
    const reply = await set(name);
    expect(reply, String(name)).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    expect(reply.body.errors[0].field).toBe('googleHostedDomain');
  }
  expect(await audited()).toEqual([]);
});

test.each(['xn--bcher-kva.example', 'mail.example.co.uk', `${'a'.repeat(63)}.com`, `${'a.'.repeat(125)}com`])(
  'a host name is taken: %s',
  async (name) => {
    const { set } = await makeSettings();
    expect(await set(name)).toMatchObject({ status: 200 });
  },
);

test('how accounts are linked is set with the rest, and is automatic where nothing is said', async () => {
  const { api, path, set } = await makeSettings();
  const off = { googleHostedDomain: null, googleSignIn: 'off', requireTwoFactor: false };
  expect(await api.put(path, off)).toMatchObject({ status: 200, body: off });
  expect(await api.get(path)).toMatchObject({ body: off });
  expect(await api.put(path, { ...off, googleSignIn: 'never' })).toMatchObject({ status: 400 });
  expect(await set(null)).toMatchObject({ status: 200, body: { ...off, googleSignIn: 'automatic' } });
});

test("another reseller's settings are not to be had", async () => {
  const [mine, other] = [await makeSettings(), await makeSettings()];
  expect(await mine.api.get(other.path)).toMatchObject({ status: 404 });
  expect(await mine.api.put(other.path, { googleHostedDomain: 'example.com', requireTwoFactor: true })).toMatchObject({
    status: 404,
  });
  expect(await other.api.get(other.path)).toMatchObject({ body: { googleHostedDomain: null } });
  expect(await other.audited()).toEqual([]);
});
