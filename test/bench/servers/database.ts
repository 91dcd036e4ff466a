import { readD1Migrations } from '@cloudflare/vitest-plugin';

export const resellerId = '01900000-0000-7000-8000-000000000000';
export const seededUsers = 10_000;

/** When the first seeded user was created; each further one a millisecond later. */
export const firstCreatedAt = Date.UTC(2026, 0, 1);

/** The id of the nth seeded user, from 0; ids and creation times rise together. */
export function userId(index: number): string {
  return `01900000-0000-7000-8000-${(index + 1).toString(16).padStart(12, '0')}`;
}

/** Applies the product's migrations, then seeds one reseller with 10,000 users. */
export async function fillDatabase(db: D1Database): Promise<void> {
  for (const { queries } of await readD1Migrations('migrations')) {
    await db.batch(queries.map((query) => db.prepare(query)));
  }
  await db
    .prepare(
      `INSERT INTO resellers (id, name, name_key, email, email_key, description, allowed_users, allowed_organizations,
        created_at, updated_at) VALUES (?1, 'Bench', 'bench', 'bench@example.com', 'bench@example.com', '', -1, -1, ?2, ?2)`,
    )
    .bind(resellerId, firstCreatedAt)
    .run();
  await db
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
      INSERT INTO users (id, reseller_id, first_name, last_name, name_key, email, email_key, role, company,
        allow_customer_portal_access, created_at, updated_at)
      SELECT printf('01900000-0000-7000-8000-%012x', i + 1), ?1, 'First' || i, 'Last' || i, 'first' || i || ' last' || i,
        'user' || i || '@example.com', 'user' || i || '@example.com', 'user', 'Example Ltd', 1, ?3 + i, ?3 + i FROM n`,
    )
    .bind(resellerId, seededUsers, firstCreatedAt)
    .run();
}

/** Organizations have so many users each. */
const usersEach = 1_000;
/** Rows of one statement. */
const chunk = 50_000;

export function organizationId(index: number): string {
  return `01900000-0000-7000-9000-${(index + 1).toString(16).padStart(12, '0')}`;
}

/** Has the seeded reseller have so many users, all in organizations of a thousand each, and so the members it needs. */
export async function growDatabase(db: D1Database, users: number): Promise<void> {
  await db
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
      INSERT INTO organizations (id, reseller_id, name, name_key, email, email_key, description, allowed_users,
        address_line1, address_line2, city, state, country, postal_code, created_at, updated_at)
      SELECT printf('01900000-0000-7000-9000-%012x', i + 1), ?1, 'Customer ' || i, 'customer ' || i, 'it@example.com', 'it@example.com',
        '', -1, '', '', '', '', '', '', ?3 + i, ?3 + i FROM n`,
    )
    .bind(resellerId, users / usersEach, firstCreatedAt)
    .run();
  for (let from = 0; from < users; from += chunk) {
    const to = Math.min(users, from + chunk);
    await db
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT ?2 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3)
        INSERT INTO users (id, reseller_id, organization_id, first_name, last_name, name_key, email, email_key, role, company,
          allow_customer_portal_access, created_at, updated_at)
        SELECT printf('01900000-0000-7000-8000-%012x', i + 1), ?1, printf('01900000-0000-7000-9000-%012x', i / ?5 + 1), 'First' || i,
          'Last' || i, 'first' || i || ' last' || i, 'user' || i || '@example.com', 'user' || i || '@example.com', 'user', '', 1,
          ?4 + i, ?4 + i FROM n WHERE true
        ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id`,
      )
      .bind(resellerId, from, to, firstCreatedAt, usersEach)
      .run();
  }
}
