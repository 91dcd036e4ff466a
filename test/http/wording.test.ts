import { expect, test } from 'vitest';
import { makeCustomer } from '../support/invited.ts';
import { makeReseller } from '../support/world.ts';

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
