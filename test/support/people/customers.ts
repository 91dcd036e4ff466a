import type { Caller } from '../api.ts';
import { makeReseller, rows, unique } from '../world.ts';

/** Everything that can be told of a customer. */
export const whole = {
  company_name: 'Example GmbH',
  industry: 'Logistics',
  number_of_employees: 120,
  sector: 'Freight',
  paragraph_203_StGB_applies: true,
  address: { address_line_1: '1 Main', address_line_2: 'Door 2', city: 'Bern', zip_code: '03000', country: 'CH' },
  additional_sensitive_personal_data_attributes: 'union membership',
};

export const newCustomer = () => ({ name: unique('Customer') });
export const newMember = () => ({ username: `${unique('jo')}@example.com`, role: 'user' });

/** A password that meets the whole rule. */
export const PASSWORD = 'Correct-horse-7';

/** A reseller as the dialect `reseller` sees it, and how customers and users come to be in it. */
export async function makeRealm(fields: Record<string, unknown> = {}) {
  const { id, base, api } = await makeReseller(fields);
  return { id, v3: base, api, makeCustomer: (body: object = {}) => makeCustomer(api, body) };
}

async function makeCustomer(api: Caller, body: object) {
  const made = await api.post('/reseller/customers', { ...newCustomer(), ...body });
  if (made.status !== 201) throw new Error(made.text);
  const id: string = made.body.customer_id;
  const path = `/reseller/customers/${id}`;
  const users = `${path}/users`;
  return {
    id,
    path,
    users,
    shown: async () => (await api.get(path)).body,
    makeUser: async (more: object = {}) => {
      const reply = await api.post(users, { ...newMember(), ...more });
      if (reply.status !== 201) throw new Error(reply.text);
      const userId: string = reply.body.user_id;
      return {
        id: userId,
        path: `${users}/${userId}`,
        shown: () => listed(api, users, userId),
        row: () => rowOf(userId),
      };
    },
  };
}

/** The user as the list shows it, the only place that does. */
async function listed(api: Caller, users: string, id: string) {
  const { body } = await api.get(users);
  return body.find((user: { user_id: string }) => user.user_id === id);
}

const rowOf = async (id: string) => (await rows('select * from users where id = ?', id))[0];
