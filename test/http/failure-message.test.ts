import * as v from 'valibot';
import { expect, test } from 'vitest';
import { documented as dialects } from '../../src/dialects/documented.ts';
import list from '../../src/model/factors/common-passwords.json' with { type: 'json' };
import { setCommonPasswords } from '../../src/model/factors/common-passwords.ts';
import { makeCustomer } from '../support/people/invited.ts';
import { makeReseller, operator, unique } from '../support/world.ts';

setCommonPasswords(list);

test('a refusal says in words what is asked for, and not what was sent', async () => {
  const { api, users } = await makeCustomer();
  const said = async (method: string, path: string, body: unknown) =>
    (await api.send(method, path, body)).body.detail.map(({ msg }: { msg: string }) => msg);
  const customer = { name: 'x'.repeat(257), organizational_info: { number_of_employees: 1.5, sector: 5 } };
  expect(await said('POST', '/reseller/customers', customer)).toEqual([
    'Must have at most 256 characters.',
    'Must be a whole number.',
    'Must be a string.',
  ]);
  expect(await said('POST', '/reseller/customers', { name: '', use_technical_interface: 'yes' })).toEqual([
    'Must have at least 1 character.',
    'Must be a boolean.',
  ]);
  expect(await said('POST', users, { username: 'a@example.com', role: 'boss' })).toEqual([
    'Must be one of "manager", "user".',
  ]);
  expect(await said('POST', users, null)).toEqual(['Must be an object.']);
  expect((await api.get('/reseller/customers?limit=5000')).body.detail[0].msg).toBe('Must be at most 1000.');
  expect((await api.get('/reseller/customers?limit=x')).body.detail[0].msg).toBe('Must be a whole number.');
});

test('other dialects say it in the same words', async () => {
  const { api, base } = await makeReseller();
  const { body } = await api.post(`${base}/organizations`, {
    name: 5,
    email: 'a@example.com',
    allowedUsers: 2 ** 31,
    address: [],
  });
  expect(body.errors).toEqual([
    { field: 'address', message: 'Must be an object.' },
    { field: 'name', message: 'Must be a string.' },
    { field: 'allowedUsers', message: 'Must be at most 2147483647.' },
  ]);
});

/** Each path, query and body, with everything that is in it. */
function* partsOf(schema: Part | undefined, path: string): Generator<[path: string, schema: Part]> {
  if (schema === undefined) return;
  yield [path, schema];
  if (schema.wrapped) yield* partsOf(schema.wrapped, path);
  for (const [name, entry] of Object.entries(schema.entries ?? {})) yield* partsOf(entry, `${path} ${name}`);
}
type Part = v.GenericSchema & { readonly wrapped?: Part; readonly entries?: Readonly<Record<string, Part>> };

const parts = dialects.flatMap(({ name, routes }) =>
  routes.flatMap(({ id, params, query, body }) =>
    [params, query && v.object(query.entries), body].flatMap((part) => [...partsOf(part as Part, `${name} ${id}`)]),
  ),
);

// Each part of the rule for passwords that one breaks is a complaint of its own.
const alone = parts.filter(([path]) => !/^reseller .* password$/.test(path));
test.each(['yesterday', '', '?', '9'.repeat(20), '2026-02-30'])(
  '%j is one fault of a field, with one complaint',
  (value) => {
    const complaints = alone.map(([path, schema]) => [
      path,
      ...(v.safeParse(schema, value).issues ?? []).map(({ message }) => message),
    ]);
    expect(complaints.filter((said) => said.length > 2)).toEqual([]);
    expect(complaints.filter((said) => said.length === 2).length).toBeGreaterThan(100);
  },
);

test('what is no time and what is too long is said once', async () => {
  const { id, api } = await makeReseller();
  expect((await api.get('/v3/audit-log?occurredAt=yesterday')).body.errors).toEqual([
    { field: 'occurredAt', message: 'Must be a date or an RFC 3339 time.' },
  ]);
  const account = `/v1.0/accounts/${id}`;
  const user = { email: `${'x'.repeat(300)}@example.com`, displayName: 'Jane Doe' };
  expect((await api.post(`${account}/users`, user)).body.message).toBe("'email': Must have at most 200 characters.");
  const elsewhere = { name: unique('account'), timezone: 'x'.repeat(41) };
  const made = await (await operator()).post('/v1.0/accounts', elsewhere);
  expect(made.body.message).toBe("'timezone': Must have at most 40 characters.");
  const object = `${account}/storageAccounts/${id}/objects/${'x'.repeat(1025)}`;
  expect((await api.get(object)).body.message).toBe('Must have at most 1024 characters.');
});
