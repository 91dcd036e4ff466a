import { describe, expect, test } from 'vitest';
import { makeRealm } from '../../support/people/customers.ts';
import { rows } from '../../support/world.ts';

type Realm = Awaited<ReturnType<typeof makeRealm>>;
type Shown = { customer_id?: string; user_id?: string };
const idOf = ({ user_id, customer_id }: Shown) => user_id ?? customer_id ?? '';
const nextOf = (headers: Headers) =>
  /^<https:\/\/edge\.localhost([^>]+)>; rel="next"$/.exec(headers.get('Link') ?? '')?.[1];

/** An id that only these rows have, and three rows of each moment, so that moments alone do not tell them apart. */
const NUMBERED = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)`;
const ID = `substr(original.id, 1, 24) || printf('%012x', n.i)`;

/** So many customers more, older than the one they are copied from. */
function addCustomers(id: string, count: number) {
  const same =
    'reseller_id, email, email_key, description, allowed_users, address_line1, address_line2, city, state, country, postal_code';
  return rows(
    `insert into organizations (id, name, name_key, created_at, updated_at, ${same})
     ${NUMBERED} select ${ID}, 'c' || n.i, 'c' || n.i, n.i / 3, n.i, ${same} from organizations as original, n where original.id = ?`,
    count,
    id,
  );
}

function addUsers(id: string, count: number) {
  const same =
    'reseller_id, organization_id, first_name, last_name, name_key, role, company, allow_customer_portal_access';
  return rows(
    `insert into users (id, email, email_key, created_at, updated_at, ${same})
     ${NUMBERED} select ${ID}, n.i || original.email, n.i || original.email_key, n.i / 3, n.i, ${same} from users as original, n where original.id = ?`,
    count,
    id,
  );
}

/** Both lists of the dialect with one row each, and how more rows get into them. */
const lists = {
  customers: async ({ makeCustomer }: Realm) => {
    const { id } = await makeCustomer();
    return {
      path: '/reseller/customers',
      add: (count: number) => addCustomers(id, count),
      addOne: () => makeCustomer(),
    };
  },
  "a customer's users": async ({ makeCustomer }: Realm) => {
    const [{ users, makeUser }, other] = [await makeCustomer(), await makeCustomer()];
    const { id } = await makeUser();
    // Who is not to be in it.
    await other.makeUser();
    return { path: users, add: (count: number) => addUsers(id, count), addOne: () => makeUser() };
  },
};

describe.each(Object.entries(lists))('the list of %s', (_, open) => {
  test('comes whole as far as 1,000 rows, and goes on by Link after them', async () => {
    const realm = await makeRealm();
    const { path, add, addOne } = await open(realm);
    await add(999);
    const whole = await realm.api.get(path);
    expect([whole.status, whole.body.length, whole.headers.get('Link')]).toEqual([200, 1000, null]);
    await addOne();
    const first = await realm.api.get(path);
    expect(first.body).toEqual(whole.body);
    const next = nextOf(first.headers);
    expect(next).toMatch(new RegExp(`^${path}\\?after=[\\w-]+$`));
    const second = await realm.api.get(next!);
    expect([second.status, second.body.length, second.headers.get('Link')]).toEqual([200, 1, null]);
    expect(whole.body.map(idOf)).not.toContain(idOf(second.body[0]));
  });

  test.each([undefined, 1000, 999, 700])(
    'gives every row once, in order, to whoever follows it with limit %s',
    async (limit) => {
      const realm = await makeRealm();
      const { path, add } = await open(realm);
      await add(2100);
      const walked: Shown[] = [];
      const lengths: number[] = [];
      let next: string | undefined = limit === undefined ? path : `${path}?limit=${limit}`;
      while (next !== undefined && lengths.length < 9) {
        const { body, headers } = await realm.api.get(next);
        walked.push(...body);
        lengths.push(body.length);
        next = nextOf(headers);
        if (next !== undefined && limit !== undefined) expect(next).toContain(`limit=${limit}`);
      }
      expect(new Set(walked.map(idOf)).size).toBe(2101);
      expect(walked).toHaveLength(2101);
      expect(lengths.slice(0, -1).every((length) => length === (limit ?? 1000))).toBe(true);
      const table = path.endsWith('users') ? 'users' : 'organizations';
      const order = await rows<{ id: string }>(
        `select id from ${table} where id in (select value from json_each(?)) order by created_at, id`,
        JSON.stringify(walked.map(idOf)),
      );
      expect(walked.map(idOf)).toEqual(order.map(({ id }) => id));
    },
  );

  test('takes a limit, of which a Link comes with what is left', async () => {
    const realm = await makeRealm();
    const { path, addOne } = await open(realm);
    await addOne();
    const whole = (await realm.api.get(path)).body.map(idOf);
    const first = await realm.api.get(`${path}?limit=1`);
    const second = await realm.api.get(nextOf(first.headers)!);
    expect([...first.body, ...second.body].map(idOf)).toEqual(whole.slice(0, 2));
    const exact = await realm.api.get(`${path}?limit=${whole.length}`);
    expect([exact.body.length, exact.headers.get('Link')]).toEqual([whole.length, null]);
  });

  test('goes on behind a row that is gone, to those that came meanwhile', async () => {
    const realm = await makeRealm();
    const { path, addOne } = await open(realm);
    const first = await addOne();
    const whole: string[] = (await realm.api.get(path)).body.map(idOf);
    const page = await realm.api.get(`${path}?limit=${whole.length - 1}`);
    const gone = idOf(page.body.at(-1));
    expect((await realm.api.delete(`${path}/${gone}`)).status).toBe(204);
    const last = await addOne();
    const rest = (await realm.api.get(nextOf(page.headers)!)).body.map(idOf);
    expect(rest).toEqual([first.id]);
    expect((await realm.api.get(path)).body.map(idOf)).toEqual([...whole.filter((id) => id !== gone), last.id]);
  });
});

test('an empty list is an empty array; of users only where the customer is there', async () => {
  const { api, makeCustomer } = await makeRealm();
  expect(await api.get('/reseller/customers')).toMatchObject({ status: 200, body: [] });
  const { users } = await makeCustomer();
  expect(await api.get(users)).toMatchObject({ status: 200, body: [] });
  expect(await api.get(`/reseller/customers/${crypto.randomUUID()}/users`)).toMatchObject({ status: 404 });
});
