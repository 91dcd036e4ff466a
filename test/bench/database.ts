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
