/**
 * The same API over the same tables as the documentation of Hono, zod and drizzle has one write it: the token by Hono's
 * `jwk`, the client by a middleware, input by `zValidator`, queries by drizzle's builder, a create with its event
 * and kept answer as one batch, the event on to a queue.
 */
import { zValidator } from '@hono/zod-validator';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { jwk } from 'hono/jwk';
import type { HonoJsonWebKey } from 'hono/utils/jwt/jws';
import { z } from 'zod';
import { apiClients, events, idempotencyKeys, organizations, users } from '../../../src/db/schema/index.ts';

type EventMessage = { eventId: string };
type Bindings = { DB: D1Database; EVENTS: Queue<EventMessage>; JWKS: string; ISSUER: string };
type Claims = { sub: string; client_id: string; scope: string; reseller_id: string };

const Path = z.object({ resellerId: z.uuid() });
const UserPath = Path.extend({ userId: z.uuid() });
const Page = z.object({ limit: z.coerce.number().int().min(1).max(100).default(25), after: z.string().optional() });
const NewUser = z.object({
  firstName: z.string().min(1).max(256),
  lastName: z.string().max(256).default(''),
  email: z.email().max(256),
  role: z.string().min(1).max(256),
  company: z.string().max(256).default(''),
  allowCustomerPortalAccess: z.boolean(),
  password: z.string().min(8).max(256),
});

const needs = (scope: string) =>
  createMiddleware<{ Bindings: Bindings; Variables: { jwtPayload: Claims } }>(async (c, next) => {
    const { client_id, reseller_id, scope: granted } = c.get('jwtPayload');
    const client = await drizzle(c.env.DB)
      .select()
      .from(apiClients)
      .where(and(eq(apiClients.id, client_id), isNull(apiClients.revokedAt)))
      .get();
    if (client === undefined) return c.json({ message: 'The token is not valid.', code: 'INVALID_TOKEN' }, 401);
    const mine = reseller_id === c.req.param('resellerId');
    if (!mine) return c.json({ message: 'There is no such reseller.', code: 'RESELLER_NOT_FOUND' }, 404);
    const may = granted.split(' ').includes(scope) && client.scopes.split(' ').includes(scope);
    return may ? next() : c.json({ message: 'The scope is missing.', code: 'INSUFFICIENT_SCOPE' }, 403);
  });

const app = new Hono<{ Bindings: Bindings; Variables: { jwtPayload: Claims } }>();

app.use('/v3/*', (c, next) =>
  jwk({
    keys: JSON.parse(c.env.JWKS) as HonoJsonWebKey[],
    alg: ['ES256'],
    verification: { iss: c.env.ISSUER, aud: c.env.ISSUER },
  })(c, next),
);

app.get(
  '/v3/resellers/:resellerId/users/:userId',
  needs('reseller:user:read'),
  zValidator('param', UserPath),
  async (c) => {
    const { resellerId, userId } = c.req.valid('param');
    const found = await drizzle(c.env.DB)
      .select()
      .from(users)
      .leftJoin(organizations, eq(organizations.id, users.organizationId))
      .where(and(eq(users.resellerId, resellerId), eq(users.id, userId)))
      .get();
    if (found === undefined) return c.json({ message: 'There is no such user.', code: 'USER_NOT_FOUND' }, 404);
    return c.json(present(found));
  },
);

app.get(
  '/v3/resellers/:resellerId/users',
  needs('reseller:user:read'),
  zValidator('param', Path),
  zValidator('query', Page),
  async (c) => {
    const { resellerId } = c.req.valid('param');
    const { limit, after } = c.req.valid('query');
    const [createdAt, id] = after?.split('_') ?? [];
    const beyond = after && sql`(${users.createdAt}, ${users.id}) > (${Number(createdAt)}, ${id})`;
    const rows = await drizzle(c.env.DB)
      .select()
      .from(users)
      .leftJoin(organizations, eq(organizations.id, users.organizationId))
      .where(and(eq(users.resellerId, resellerId), beyond || undefined))
      .orderBy(asc(users.createdAt), asc(users.id))
      .limit(limit + 1);
    const last = rows[limit - 1]?.users;
    if (rows.length > limit && last !== undefined) {
      const next = `/v3/resellers/${resellerId}/users?limit=${limit}&after=${last.createdAt}_${last.id}`;
      c.header('Link', `<${next}>; rel="next"`);
    }
    return c.json(rows.slice(0, limit).map(present));
  },
);

app.post(
  '/v3/resellers/:resellerId/users',
  needs('reseller:user:create'),
  zValidator('param', Path),
  zValidator('json', NewUser),
  async (c) => {
    const { resellerId } = c.req.valid('param');
    const { password: _, ...given } = c.req.valid('json');
    const now = Date.now();
    const row: typeof users.$inferInsert = {
      id: crypto.randomUUID(),
      resellerId,
      ...given,
      nameKey: `${given.firstName} ${given.lastName}`.toLowerCase(),
      emailKey: given.email.toLowerCase(),
      createdAt: now,
      updatedAt: now,
    };
    const shown = present({ users: { ...blank, ...row } as typeof users.$inferSelect, organizations: null });
    const db = drizzle(c.env.DB);
    const eventId = crypto.randomUUID();
    await db.batch([
      db.insert(users).values(row),
      db.insert(events).values({
        id: eventId,
        resellerId,
        type: 'reseller.user.created',
        actor: c.get('jwtPayload').sub,
        subject: row.id,
        after: JSON.stringify(shown),
        requestId: crypto.randomUUID(),
        occurredAt: now,
        relayAt: now,
      }),
      db.insert(idempotencyKeys).values({
        credential: c.get('jwtPayload').client_id,
        key: c.req.header('Idempotency-Key') ?? crypto.randomUUID(),
        fingerprint: row.id,
        status: 201,
        sealedBody: JSON.stringify(shown),
        expiresAt: now + 86_400_000,
      }),
    ]);
    c.executionCtx.waitUntil(c.env.EVENTS.send({ eventId }));
    return c.json(shown, 201);
  },
);

export default {
  fetch: app.fetch,
  /** Where nobody listens, the events are done with. */
  async queue(batch, env) {
    const ids = batch.messages.map(({ body }) => body.eventId);
    await drizzle(env.DB).update(events).set({ relayAt: null }).where(inArray(events.id, ids));
  },
} satisfies ExportedHandler<Bindings, EventMessage>;

const blank = { organizationId: null, twoFactorEnabled: false, googleSsoEnabled: false, lastLoginAt: null };

type Found = { users: typeof users.$inferSelect; organizations: typeof organizations.$inferSelect | null };

function present({ users: user, organizations: organization }: Found) {
  return {
    id: user.id,
    createdAt: new Date(user.createdAt).toISOString(),
    updatedAt: new Date(user.updatedAt).toISOString(),
    name: `${user.firstName} ${user.lastName}`,
    firstName: user.firstName,
    lastName: user.lastName,
    email: user.email,
    role: user.role,
    twoFactorEnabled: user.twoFactorEnabled,
    googleSsoEnabled: user.googleSsoEnabled,
    lastLoginAt: user.lastLoginAt === null ? null : new Date(user.lastLoginAt).toISOString(),
    organizationId: user.organizationId,
    organization: organization && { id: organization.id, name: organization.name },
    company: user.company,
  };
}
