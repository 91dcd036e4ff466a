import { beforeAll, describe, expect, test } from 'vitest';
import { makeReseller, newOrganization, newUser, rows, unique } from '../../support/world.ts';

type Shown = { id: string; name: string; email: string; createdAt: string };

let world: Awaited<ReturnType<typeof populate>>;

/** Five users whose fields tell every operator apart, made in this order. */
async function populate() {
  const { id, base, api } = await makeReseller();
  const { body: organization } = await api.post(`${base}/organizations`, newOrganization());
  const tag = unique('t');
  const people = [
    ['Émile', 'Zola', 'writer', organization.id],
    ['anna', 'Berg', 'user', null],
    ['Bob_', '100%', 'user', organization.id],
    ['Zoë', 'Ärger', 'admin', null],
    ['bobX', 'Berg', 'user', null],
  ] as const;
  const ids: string[] = [];
  for (const [firstName, lastName, role, organizationId] of people) {
    const email = `${firstName.normalize('NFD').replace(/[^a-z]/gi, '')}.${tag}@Example.com`;
    const made = await api.post(`${base}/users`, { ...newUser(), firstName, lastName, role, email, organizationId });
    ids.push(made.body.id);
  }
  // Times a minute apart, so that each can be told from the next.
  for (const [index, user] of ids.entries()) {
    const at = Date.UTC(2024, 0, 1, 0, index);
    await rows(
      'update users set created_at = ?, updated_at = ?, last_login_at = ? where id = ?',
      at,
      at,
      index < 2 ? at : null,
      user,
    );
  }
  const names = async (query: string) => {
    const reply = await api.get(`${base}/users?${query}`);
    return reply.status === 200
      ? reply.body.map((user: Shown) => user.name.split(' ')[0])
      : [reply.status, reply.body.code];
  };
  return { id, base, api, ids, names, tag, organization: organization.id };
}

beforeAll(async () => {
  world = await populate();
});

const everybody = ['Émile', 'anna', 'Bob_', 'Zoë', 'bobX'];

test.each([
  ['', everybody],
  ['sort=createdAt', everybody],
  ['sort=-createdAt', everybody.toReversed()],
  ['sort=updatedAt', everybody],
  ['sort=name', ['anna', 'Bob_', 'bobX', 'Zoë', 'Émile']],
  ['sort=-name', ['Émile', 'Zoë', 'bobX', 'Bob_', 'anna']],
  ['sort=email', ['anna', 'Bob_', 'bobX', 'Émile', 'Zoë']],
  ['limit=2', ['Émile', 'anna']],
  ['limit=2&page=2', ['Bob_', 'Zoë']],
  ['limit=2&page=3', ['bobX']],
  ['limit=2&page=4', []],
])('?%s', async (query, expected) => {
  expect(await world.names(query)).toEqual(expected);
});

test.each([
  ['role=user', ['anna', 'Bob_', 'bobX']],
  ['role[eq]=USER', []],
  ['role[ne]=user', ['Émile', 'Zoë']],
  ['role[in]=writer,admin', ['Émile', 'Zoë']],
  ['role[in]=writer&role[in]=admin', ['Émile', 'Zoë']],
  ['role[nin]=writer,admin', ['anna', 'Bob_', 'bobX']],
  ['name=émile zola', ['Émile']],
  ['name[sw]=BOB', ['Bob_', 'bobX']],
  ['name[sw]=bob_', ['Bob_']],
  ['name[ew]=BERG', ['anna', 'bobX']],
  ['name[ew]=0%25', ['Bob_']],
  ['name[cn]=0%25', ['Bob_']],
  ['name[cn]=%25', ['Bob_']],
  ['name[cn]=_', ['Bob_']],
  ['name[cn]=ä', ['Zoë']],
  ['name[nc]=b', ['Émile', 'Zoë']],
  ['email[sw]=anna.', ['anna']],
  ['email[ew]=@EXAMPLE.COM', everybody],
  ['search=BERG', ['anna', 'bobX']],
  ['search=bob.', ['Bob_']],
  ['search=%25', ['Bob_']],
  ['createdAt[gt]=2024-01-01T00:02:00Z', ['Zoë', 'bobX']],
  ['createdAt[gte]=2024-01-01T00:02:00Z', ['Bob_', 'Zoë', 'bobX']],
  ['createdAt[lt]=2024-01-01T00:01:00.000Z', ['Émile']],
  ['createdAt[lte]=2024-01-01T01:01:00%2B01:00', ['Émile', 'anna']],
  ['createdAt=2024-01-01T00:03:00Z', ['Zoë']],
  ['createdAt[ne]=2024-01-01T00:03:00Z', ['Émile', 'anna', 'Bob_', 'bobX']],
  ['updatedAt[gt]=2024-01-02', []],
  ['lastSeenAt[lte]=2024-01-01T00:01:00Z', ['Émile', 'anna']],
  ['lastSeenAt[ne]=2024-01-01T00:01:00Z', ['Émile', 'Bob_', 'Zoë', 'bobX']],
  ['role=user&name[ew]=berg&sort=-name&limit=1', ['bobX']],
])('?%s', async (query, expected) => {
  expect(await world.names(query)).toEqual(expected);
});

test('filters by id and by organization', async () => {
  const { names, ids, organization } = world;
  expect(await names(`id=${ids[3]}`)).toEqual(['Zoë']);
  expect(await names(`id[in]=${ids[3]},${ids[0]}`)).toEqual(['Émile', 'Zoë']);
  expect(await names(`organizationId=${organization}`)).toEqual(['Émile', 'Bob_']);
  expect(await names(`organizationId[ne]=${organization}`)).toEqual(['anna', 'Zoë', 'bobX']);
  expect(await names(`organizationId[nin]=${organization}`)).toEqual(['anna', 'Zoë', 'bobX']);
  expect(await names(`organizationId[nc]=${organization}`)).toEqual(['anna', 'Zoë', 'bobX']);
});

test('a value longer than D1 takes in a LIKE pattern works', async () => {
  const { base, api, names } = world;
  const firstName = `${'long'.repeat(40)}end`;
  await api.post(`${base}/users`, { ...newUser(), firstName, lastName: '' });
  expect(await names(`name[cn]=${'long'.repeat(39)}`)).toEqual([firstName]);
  expect(await names(`name[sw]=${'long'.repeat(40)}`)).toEqual([firstName]);
  expect(await names(`name[ew]=${'long'.repeat(39)}END`)).toEqual([firstName]);
  const [{ id }] = await rows('select id from users where first_name = ?', firstName);
  await api.delete(`${base}/users/${id}`);
});

describe('what no list knows is refused', () => {
  test.each([
    'nosuch=1',
    'password[eq]=x',
    'role[gt]=a',
    'role[like]=a',
    'createdAt[cn]=2024',
    'createdAt=yesterday',
    'createdAt=2024-13-45',
    'createdAt[gt]=2023-02-29',
    'sort=role',
    'sort=password_hash',
    'sort=createdAt,name',
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=ten',
    'limit=1.5',
    'page=0',
    'page=1e3',
    'page=999999999999999999999',
    'limit=1&limit=2',
    'role=a&role=b',
    'role=',
    'after=nonsense',
    `after=${btoa('["name","x","y"]')}`,
    `id[in]=${'a,'.repeat(101)}`,
    `search=${'x'.repeat(257)}`,
  ])('?%s', async (query) => {
    expect(await world.names(query)).toEqual([400, 'VALIDATION_FAILED']);
  });
});

describe('paging by cursor', () => {
  test.each(['createdAt', '-createdAt', 'name', '-name', 'email', '-email', 'updatedAt', '-updatedAt'])(
    'sorted by %s every row comes once, in order',
    async (sort) => {
      const { base, api } = world;
      const whole = (await api.get(`${base}/users?sort=${sort}`)).body;
      const walked: Shown[] = [];
      let path: string | undefined = `${base}/users?sort=${sort}&limit=2`;
      for (let pages = 0; path !== undefined && pages < 10; pages++) {
        const page = await api.get(path);
        walked.push(...page.body);
        const link = page.headers.get('Link');
        path = link === null ? undefined : /^<https:\/\/edge\.localhost([^>]+)>; rel="next"$/.exec(link)![1];
      }
      expect(walked).toEqual(whole);
    },
  );

  test('the filters stay on the way, and rows of one time are told apart', async () => {
    const { base, api } = await makeReseller();
    for (let index = 0; index < 7; index++)
      await api.post(`${base}/users`, { ...newUser(), role: index % 2 ? 'odd' : 'even' });
    await rows('update users set created_at = 5 where reseller_id = ?', base.split('/').at(-1));
    const first = await api.get(`${base}/users?role=even&limit=3&page=1`);
    const next = /<https:\/\/edge\.localhost([^>]+)>/.exec(first.headers.get('Link')!)![1]!;
    expect(next).not.toContain('page=');
    const second = await api.get(next);
    expect([first.body.length, second.body.length, second.headers.get('Link')]).toEqual([3, 1, null]);
    expect(new Set([...first.body, ...second.body].map(({ id }: Shown) => id)).size).toBe(4);
  });

  test('a cursor of another sort, or beside a page number, is refused', async () => {
    const { base, api, names } = world;
    const link = (await api.get(`${base}/users?limit=1`)).headers.get('Link')!;
    const after = /after=([^&>]+)/.exec(link)![1];
    expect(await names(`sort=name&after=${after}`)).toEqual([400, 'VALIDATION_FAILED']);
    expect(await names(`page=2&after=${after}`)).toEqual([400, 'VALIDATION_FAILED']);
  });
});

test('a list never shows what belongs to others', async () => {
  const other = await makeReseller();
  expect((await other.api.get(`${other.base}/users`)).body).toEqual([]);
  expect((await other.api.get(`${other.base}/users?search=e&sort=name`)).body).toEqual([]);
});
