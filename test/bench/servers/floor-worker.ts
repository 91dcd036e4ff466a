/**
 * The floor: the least a Worker can do for the same answers from the same tables. One prepared statement
 * a read, one batch of two inserts a create; no tokens, no validation, no webhooks, no hashing.
 */
type Env = { DB: D1Database };
type UserRow = Record<'id' | 'first_name' | 'last_name' | 'email' | 'role' | 'company', string> & {
  organization_id: string | null;
  two_factor_enabled: number;
  google_sso_enabled: number;
  last_login_at: number | null;
  created_at: number;
  updated_at: number;
};
type NewUser = Record<'firstName' | 'lastName' | 'email' | 'role' | 'company', string>;

const columns = `id, first_name, last_name, email, role, company, organization_id, two_factor_enabled, google_sso_enabled,
  last_login_at, created_at, updated_at`;
const readUser = `SELECT ${columns} FROM users WHERE reseller_id = ?1 AND id = ?2`;
const readFirstPage = `SELECT ${columns} FROM users WHERE reseller_id = ?1 ORDER BY created_at, id LIMIT ?2`;
const readPageAfter = `SELECT ${columns} FROM users WHERE reseller_id = ?1 AND (created_at, id) > (?3, ?4)
  ORDER BY created_at, id LIMIT ?2`;
const insertUser = `INSERT INTO users (id, reseller_id, first_name, last_name, name_key, email, email_key, role, company,
  allow_customer_portal_access, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, 1, ?9, ?9)`;
const insertEvent = `INSERT INTO events (id, reseller_id, type, actor, subject, after, request_id, occurred_at)
  VALUES (?1, ?2, 'reseller.user.created', 'floor', ?3, ?4, ?1, ?5)`;

/** `/<reseller>/users[/<user>]`, `?limit=&createdAt=&after=` for a page. */
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const DB = searchParams.has('session') ? env.DB.withSession('first-primary') : env.DB;
    const [, resellerId = '', , id] = pathname.split('/');
    if (request.method === 'POST')
      return Response.json(await createUser(DB, resellerId, await request.json()), { status: 201 });
    if (id !== undefined) {
      const user = await DB.prepare(readUser).bind(resellerId, id).first<UserRow>();
      return user ? Response.json(present(user)) : new Response(null, { status: 404 });
    }
    const limit = Number(searchParams.get('limit'));
    const after = searchParams.get('after');
    const page =
      after === null
        ? DB.prepare(readFirstPage).bind(resellerId, limit)
        : DB.prepare(readPageAfter).bind(resellerId, limit, Number(searchParams.get('createdAt')), after);
    const { results } = await page.all<UserRow>();
    return Response.json(results.map(present));
  },
} satisfies ExportedHandler<Env>;

async function createUser(db: Pick<D1Database, 'prepare' | 'batch'>, resellerId: string, user: NewUser) {
  const id = crypto.randomUUID();
  const now = Date.now();
  const { firstName, lastName, email, role, company } = user;
  const row = present({
    ...{ id, first_name: firstName, last_name: lastName, email, role, company, organization_id: null },
    ...{ two_factor_enabled: 0, google_sso_enabled: 0, last_login_at: null, created_at: now, updated_at: now },
  });
  await db.batch([
    db
      .prepare(insertUser)
      .bind(id, resellerId, firstName, lastName, `${firstName} ${lastName}`.toLowerCase(), email, role, company, now),
    db.prepare(insertEvent).bind(crypto.randomUUID(), resellerId, id, JSON.stringify(row), now),
  ]);
  return row;
}

function present(row: UserRow) {
  return {
    id: row.id,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
    name: `${row.first_name} ${row.last_name}`,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    role: row.role,
    twoFactorEnabled: row.two_factor_enabled === 1,
    googleSsoEnabled: row.google_sso_enabled === 1,
    lastLoginAt: row.last_login_at === null ? null : new Date(row.last_login_at).toISOString(),
    organizationId: row.organization_id,
    organization: null,
    company: row.company,
  };
}
