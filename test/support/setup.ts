import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll } from 'vitest';

// A file asks more often than any caller does, and locally each count is a write; a test that wants a limiter binds one.
for (const { name } of env.CONFIG.ratelimits) Reflect.deleteProperty(env, name);

beforeAll(async () => {
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
});
