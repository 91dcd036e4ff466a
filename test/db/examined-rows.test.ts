import { beforeAll, describe, expect, test } from 'vitest';
import { FILTERS_MAX, LIST_EXAMINED_ROWS, REQUEST_ROWS_MAX } from '../../src/model/limits/index.ts';
import type { Caller } from '../support/api.ts';
import { planOf, statementsOf } from '../support/measures/plans.ts';
import { rowsReadBy } from '../support/measures/rows-read.ts';
import { makePerson } from '../support/people/signed-up.ts';
import { makeReseller, newOrganization, newUser, rows } from '../support/world.ts';

/** Two whole stretches of rows and a half. */
const USERS = 25_000;
const at = (index: number) => `needle${index}@example.com`;

let reseller: Awaited<ReturnType<typeof makeReseller>>;

beforeAll(async () => {
  reseller = await makeReseller();
  // As many names as there are users, in an order of their own.
  await rows(
    `with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ?)
     insert into users (id, reseller_id, first_name, last_name, name_key, email, email_key, role, company,
       allow_customer_portal_access, created_at, updated_at)
     select printf('01900000-0000-7000-8000-%012x', i), ?, 'First', i, printf('first %05d', i * 7919 % ?1), 'needle' || i || '@example.com',
       'needle' || i || '@example.com', iif(i = ?1 - 2, 'rare', 'user'), '', 1, i, i from n`,
    USERS,
    reseller.id,
  );
});

/** Follows the links of a list to its end. */
async function pagesOf(caller: Caller, list: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let path: string | undefined = list; path !== undefined; ) {
    const { status, body, headers, text } = await caller.get(path);
    if (status !== 200) throw new Error(text);
    pages.push(body.map(({ email }: { email: string }) => email));
    path = /<https:\/\/[^/]+([^>]+)>/.exec(headers.get('Link') ?? '')?.[1];
  }
  return pages;
}

/** The rows that D1 read for one request. */
const rowsRead = (path: string, caller: Caller = reseller.api) => rowsReadBy(() => caller.get(path));

const isBounded = (read: number) => read <= REQUEST_ROWS_MAX;

test.each(['createdAt', '-createdAt', 'name', '-name', 'email', '-updatedAt'])(
  'a search through the list by %s comes to its end, each row once',
  async (sort) => {
    const pages = await pagesOf(reseller.api, `${reseller.base}/users?search=needle1999&limit=2&sort=${sort}`);
    expect(pages.flat().sort()).toEqual(
      [1999, ...Array.from({ length: 10 }, (_, digit) => 19_990 + digit)].map(at).sort(),
    );
    expect(pages.every((page) => page.length <= 2)).toBe(true);
  },
);

test.each([
  'search=needle24999',
  'role=rare',
  'email[ew]=24998@example.com',
  'role[ne]=user',
  'updatedAt[gt]=1970-01-01T00:00:24.998Z',
])('what is near the end of a long list by creation is found on a later page: %s', async (query) => {
  const pages = await pagesOf(reseller.api, `${reseller.base}/users?${query}`);
  const lengths = pages.map((page) => page.length);
  expect(lengths).toEqual([...Array(Math.ceil(USERS / LIST_EXAMINED_ROWS) - 1).fill(0), 1]);
});

test.each([
  'email=needle24999@example.com',
  'id=01900000-0000-7000-8000-0000000061a7',
  'email[sw]=needle2499&sort=email&limit=1',
  'createdAt[gte]=1970-01-01T00:00:24.999Z',
])('what an index knows is found at once, wherever it is: %s', async (query) => {
  const path = `${reseller.base}/users?${query}`;
  expect((await reseller.api.get(path)).body).toHaveLength(1);
  expect(await rowsRead(path)).toBeLessThan(50);
});

test('a page by its number has what fits among the first rows', async () => {
  const { body } = await reseller.api.get(`${reseller.base}/users?search=needle14&limit=4&page=2`);
  expect(body.map(({ email }: { email: string }) => email)).toEqual([143, 144, 145, 146].map(at));
});

test.each([
  ['page', (page: number) => `${reseller.base}/users?limit=100&page=${page + 1}`],
  ['pageIndex', (page: number) => `/v1.0/accounts/${reseller.id}/users?pageSize=100&pageIndex=${page}`],
])('by its number (%s) the last page of the first rows is there and the next one names the cursor', async (_, path) => {
  const last = LIST_EXAMINED_ROWS / 100 - 1;
  const { status, headers, text } = await reseller.api.get(path(last));
  expect([status, text]).toEqual([200, expect.stringContaining(at(LIST_EXAMINED_ROWS - 1))]);
  const next = /<https:\/\/[^/]+([^>]+)>; rel="next"/.exec(headers.get('Link') ?? '')?.[1] ?? '';
  expect((await reseller.api.get(next)).text).toContain(at(LIST_EXAMINED_ROWS));
  for (const deeper of [last + 1, 1000]) {
    const refused = await reseller.api.get(path(deeper));
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Use after')]);
    expect(await rowsRead(path(deeper))).toSatisfy(isBounded);
  }
});

test.each([
  ['page=1&search=nobody', 200],
  ['page=2&search=nobody', 400],
  ['page=9&search=needle7', 400],
])(
  'a page by its number that the first rows do not fill has a link if it is the first: %s',
  async (query, expected) => {
    const { status, headers } = await reseller.api.get(`${reseller.base}/users?${query}`);
    expect([status, headers.has('Link')]).toEqual([expected, expected === 200]);
  },
);

test('a page by its number past the end of a short list is empty', async () => {
  const { body: organization } = await reseller.api.post(`${reseller.base}/organizations`, newOrganization());
  const { status, body, headers } = await reseller.api.get(
    `${reseller.base}/users?organizationId=${organization.id}&page=7`,
  );
  expect([status, body, headers.get('Link')]).toEqual([200, [], null]);
});

test('a customer has its users found by an index, and no more of them, or of others, looked at than of a whole list', async () => {
  const [large, small] = await Promise.all(
    ['large', 'small'].map(async (name) => {
      const given = { name, email: `${name}@example.com`, allowedUsers: -1 };
      return (await reseller.api.post(`${reseller.base}/organizations`, given)).body.id;
    }),
  );
  const move = 'update users set organization_id = ? where reseller_id = ? and created_at % 5000 ';
  await rows(`${move} = 1`, small, reseller.id);
  await rows(`${move} > 1`, large, reseller.id);
  const list = `${reseller.base}/users?limit=100`;
  try {
    expect(await rowsRead(`${list}&organizationId=${large}`)).toBeLessThan(500);
    // With each user its customer is read.
    for (const query of [`=${large}&search=nobody`, `=${large}&role=nobody&sort=-createdAt`, `[in]=${small},none`])
      expect((await rowsRead(`${list}&organizationId${query}`)) / 2, query).toSatisfy(isBounded);
    for (const query of [`=${small}&sort=name`, `=${small}&search=nobody`])
      expect(await rowsRead(`${list}&organizationId${query}`), query).toBeLessThan(100);
    expect(await rowsRead(`${list}&organizationId=${crypto.randomUUID()}&sort=name`)).toBeLessThan(50);
    const expected = [1, 5001, 10_001, 15_001, 20_001].map(at).sort();
    for (const query of ['sort=name', 'sort=-createdAt&search=needle', 'sort=-email']) {
      const pages = await pagesOf(reseller.api, `${list}&organizationId=${small}&${query}`);
      expect([query, pages.flat().sort()]).toEqual([query, expected]);
    }
  } finally {
    await rows('update users set organization_id = null where reseller_id = ?', reseller.id);
  }
});

test.each(['search=nobody', 'role=nobody', 'name[cn]=nobody&sort=name', 'search=nobody&sort=-email'])(
  'one page looks at so many rows and no more: %s',
  async (query) => {
    const read = await rowsRead(`${reseller.base}/users?${query}`);
    expect(read).toSatisfy(isBounded);
  },
);

test('a search walks the index of its order', async () => {
  const path = `${reseller.base}/users?search=nobody&sort=name`;
  const [sql = ''] = await statementsOf(() => reseller.api.get(path));
  expect((await planOf(sql)).join('\n')).toContain('SEARCH user USING INDEX users_by_name (reseller_id=?');
});

/** Rows of a page of some, and of all that says what a signed-in user may see. */
const FEW = 250;

test('a signed-in reseller-admin reads a page of all by every sort, and looks at no more', async () => {
  const admin = await (await makePerson({ role: 'reseller-admin' }, reseller)).signIn();
  for (const sort of ['createdAt', '-updatedAt', 'name', '-email']) {
    const path = `${reseller.base}/users?limit=2&sort=${sort}`;
    expect((await admin.get(path)).body).toHaveLength(2);
    expect(await rowsRead(path, admin)).toBeLessThan(FEW);
  }
  const members = `/v1.0/accounts/${reseller.id}/users?pageSize=2`;
  expect((await admin.get(members)).body.data).toHaveLength(2);
  expect(await rowsRead(members, admin)).toBeLessThan(FEW);
});

test.each([
  ['an API client', () => Promise.resolve(reseller.api)],
  ['a signed-in user', async () => (await makePerson({ role: 'reseller-admin' }, reseller)).signIn()],
])('%s may ask by as many filters as there may be, and a search, from any place on', async (_, enter) => {
  const caller: Caller = await enter();
  const times = ['gte', 'gt', 'lte', 'lt', 'eq'].map((operator) => `createdAt[${operator}]=2020-01-01`);
  const texts = ['name', 'email', 'role'].flatMap((field) =>
    ['ne', 'sw', 'ew', 'cn', 'nc'].map((operator) => `${field}[${operator}]=a`),
  );
  const link = (await caller.get(`${reseller.base}/users?limit=1`)).headers.get('Link');
  const after = /after=[^&>]+/.exec(link ?? '')?.[0];
  expect([...times, ...texts]).toHaveLength(FILTERS_MAX);
  const asked = ['limit=1', 'search=a', after, ...times, ...texts].join('&');
  expect(await caller.get(`${reseller.base}/users?${asked}`)).toMatchObject({ status: 200, body: [] });
});

describe('an organization-admin among many users of others', () => {
  const people: string[] = [];
  let admin: Caller;

  beforeAll(async () => {
    const { body: organization } = await reseller.api.post(`${reseller.base}/organizations`, newOrganization());
    const place = { organizationId: organization.id, allowCustomerPortalAccess: true };
    const chief = await makePerson({ ...place, role: 'organization-admin' }, reseller);
    admin = await chief.signIn();
    people.push(chief.email);
    for (let count = 0; count < 4; count++) {
      const { body } = await reseller.api.post(`${reseller.base}/users`, { ...newUser(), ...place });
      people.push(body.email);
    }
  });

  test.each(['', '-'])('reads its own by every sort, page by page, and looks at no more: %s', async (direction) => {
    for (const sort of ['createdAt', 'updatedAt', 'name', 'email']) {
      const path = `${reseller.base}/users?limit=2&sort=${direction}${sort}`;
      const pages = await pagesOf(admin, path);
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
      expect(pages.flat().toSorted()).toEqual(people.toSorted());
      expect(await rowsRead(path, admin)).toBeLessThan(FEW);
    }
  });

  test.each(['search=@example', 'role=user', 'email[ew]=.com', 'limit=2&page=2'])(
    'finds its own on one page: %s',
    async (query) => {
      const path = `${reseller.base}/users?${query}`;
      const { body, headers } = await admin.get(path);
      const own = body.map(({ email }: { email: string }) => email);
      expect(own.length).toBeGreaterThan(0);
      expect(people).toEqual(expect.arrayContaining(own));
      if (!query.includes('page')) expect(headers.get('Link')).toBeNull();
      expect(await rowsRead(path, admin)).toBeLessThan(FEW);
    },
  );

  test('reads its own as members of the account', async () => {
    const path = `/v1.0/accounts/${reseller.id}/users`;
    const { body } = await admin.get(path);
    expect(body.data.map(({ email }: { email: string }) => email)).toEqual(people);
    expect(await rowsRead(path, admin)).toBeLessThan(FEW);
  });
});
