import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { LIST_EXAMINED_ROWS } from '../../src/model/limits.ts';
import type { Caller } from '../support/api.ts';
import { planOf, statementsOf } from '../support/plans.ts';
import { makeReseller, rows } from '../support/world.ts';

/** Two whole stretches of rows and a half. */
const USERS = LIST_EXAMINED_ROWS * 2.5;
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
async function rowsRead(path: string): Promise<number> {
  let read = 0;
  const original = env.DB.withSession;
  env.DB.withSession = (...given) => {
    const session = original.apply(env.DB, given);
    const prepare = session.prepare.bind(session);
    session.prepare = (sql) => {
      const statement = prepare(sql);
      const bind = statement.bind.bind(statement);
      statement.bind = (...values) => {
        const bound = bind(...values);
        const raw = bound.raw.bind(bound);
        bound.raw = (async () => {
          read += (await bound.all()).meta.rows_read;
          return raw();
        }) as typeof bound.raw;
        return bound;
      };
      return statement;
    };
    return session;
  };
  await reseller.api.get(path).finally(() => {
    env.DB.withSession = original;
  });
  return read;
}

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
  expect(pages.map((page) => page.length)).toEqual([0, 0, 1]);
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

test('a page by its number counts all that fit', async () => {
  const { body } = await reseller.api.get(`${reseller.base}/users?search=needle1999&limit=4&page=3`);
  expect(body.map(({ email }: { email: string }) => email)).toEqual([19_997, 19_998, 19_999].map(at));
});

test.each(['search=nobody', 'role=nobody', 'name[cn]=nobody&sort=name', 'search=nobody&sort=-email'])(
  'one page looks at so many rows and no more: %s',
  async (query) => {
    const read = await rowsRead(`${reseller.base}/users?${query}`);
    expect(read).toBeGreaterThan(LIST_EXAMINED_ROWS);
    // Once along the index for where to end, and once for what is in the rows.
    expect(read).toBeLessThan(2 * LIST_EXAMINED_ROWS + 50);
  },
);

test('a search walks the index of its order between two places', async () => {
  const path = `${reseller.base}/users?search=nobody&sort=name`;
  const [sql = ''] = await statementsOf(() => reseller.api.get(path));
  expect((await planOf(sql)).join('\n')).toContain(
    'SEARCH user USING INDEX users_by_name (reseller_id=? AND (name_key,id)<(?,?))',
  );
});
