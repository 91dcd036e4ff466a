import type { D1Migration } from 'cloudflare:test';
import type { Unstable_Config } from 'wrangler';

declare global {
  namespace Cloudflare {
    interface Env {
      DB: D1Database;
      STORAGE: R2Bucket;
      EVENTS: Queue;
      TASKS: Queue;
      EMAILS: Queue;
      EMAIL: SendEmail;
      MIGRATIONS: D1Migration[];
      CONFIG: Unstable_Config;
      PUBLIC_URL: string;
      SIGNING_KEYS: string;
      ENCRYPTION_KEYS: string;
      PASSWORD_PEPPER: string;
      DEVELOPMENT: string;
      RATE_LIMIT: string;
      RATE_LIMIT_ADDRESS: string;
      RATE_NARROW: RateLimit;
    }
    interface GlobalProps {
      mainModule: typeof import('../../src/index.ts');
    }
  }
}
