import { uuidv7 } from 'uuidv7';
import { newClientSecret } from '../../../src/auth/secrets/client-secret.ts';
import { foldCase } from '../../../src/model/fields.ts';
import { allScopes, hashSecret } from '../deployment/api-client.ts';
import type { DemoClient, DemoFile } from './demo-file.ts';

export type Demo = { readonly credentials: Omit<DemoFile, 'baseUrl'>; readonly organizationId: string };

/** Idempotent: finds earlier rows by the ids in .demo.json (`saved`), else by name. */
export async function seedDemo(db: D1Database, saved: DemoFile | null): Promise<Demo> {
  const resellerId = await demoReseller(db, saved?.reseller.id ?? null);
  const organizationId = await demoOrganization(db, resellerId);
  const operator = await demoClient(db, 'Demo operator', null, saved?.operator ?? null);
  const reseller = await demoClient(db, 'Demo back office', resellerId, saved?.reseller ?? null);
  return { credentials: { operator, reseller: { id: resellerId, ...reseller } }, organizationId };
}

async function demoReseller(db: D1Database, savedId: string | null): Promise<string> {
  const name = 'Demo Reseller';
  const email = 'demo@reseller.example';
  const known = db
    .prepare('SELECT id FROM resellers WHERE (id = ? OR name_key = ?) AND deleted_at IS NULL ORDER BY id <> ?')
    .bind(savedId, foldCase(name), savedId);
  const insert = `INSERT INTO resellers (id, name, name_key, email, email_key, description, allowed_users,
    allowed_organizations, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4, '', -1, -1, ?5, ?5)`;
  const found = await idIn(known);
  if (found !== null) return found;
  const used = await idIn(db.prepare('SELECT id FROM resellers WHERE id = ?').bind(savedId));
  return inserted(
    db,
    insert,
    used === null && savedId !== null ? savedId : uuidv7(),
    name,
    foldCase(name),
    email,
    Date.now(),
  );
}

async function demoOrganization(db: D1Database, resellerId: string): Promise<string> {
  const name = 'Demo Customer';
  const email = 'demo@customer.example';
  const known = db
    .prepare('SELECT id FROM organizations WHERE reseller_id = ? AND name_key = ? AND deleted_at IS NULL')
    .bind(resellerId, foldCase(name));
  const insert = `INSERT INTO organizations (id, reseller_id, name, name_key, email, email_key, description, allowed_users,
    address_line1, address_line2, city, state, country, postal_code, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?5, '', -1, '1 Main Street', '', 'Springfield', 'OR', 'US', '97477', ?6, ?6)`;
  return (
    (await idIn(known)) ?? (await inserted(db, insert, uuidv7(), resellerId, name, foldCase(name), email, Date.now()))
  );
}

async function demoClient(
  db: D1Database,
  name: string,
  resellerId: string | null,
  saved: DemoClient | null,
): Promise<DemoClient> {
  const usable = saved !== null && (await isUsable(db, saved.clientId, resellerId)) ? saved : null;
  const known = db
    .prepare('SELECT id FROM api_clients WHERE name = ? AND reseller_id IS ? AND revoked_at IS NULL')
    .bind(name, resellerId);
  const clientId = usable?.clientId ?? (await idIn(known)) ?? uuidv7();
  const clientSecret = usable?.clientSecret ?? (await newClientSecret()).secret;
  const upsert = `INSERT INTO api_clients (id, reseller_id, name, secret_hash, scopes, created_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET secret_hash = excluded.secret_hash, scopes = excluded.scopes`;
  const hash = await hashSecret(clientSecret);
  await inserted(db, upsert, clientId, resellerId, name, hash, allScopes(resellerId), Date.now());
  return { clientId, clientSecret };
}

async function isUsable(db: D1Database, clientId: string, resellerId: string | null): Promise<boolean> {
  const row = await db
    .prepare('SELECT reseller_id IS ? AND revoked_at IS NULL AS usable FROM api_clients WHERE id = ?')
    .bind(resellerId, clientId)
    .first<{ usable: number }>();
  return row === null || row.usable === 1;
}

function idIn(known: D1PreparedStatement): Promise<string | null> {
  return known.first<string>('id');
}

async function inserted(db: D1Database, sql: string, id: string, ...values: unknown[]): Promise<string> {
  await db
    .prepare(sql)
    .bind(id, ...values)
    .run();
  return id;
}
