import { resellerId, userId } from '../servers/database.ts';

const DAY_MS = 86_400_000;
/** Ids begin with their time: these are of 1970, as everything else here. */
const id = (prefix: string) => `printf('0000000${prefix}-0000-7000-8000-%012x', i)`;
const user = `'${userId(0)}'`;
/** Each has few sessions. */
const anyUser = `(select id from users limit 1 offset i % 5000)`;

/** How many rows of each table have run out, and the columns that each is filled with; `i` counts from 1. */
const expired: Record<string, { rows: number; columns: Record<string, string> }> = {
  events: {
    rows: 150_000,
    columns: {
      id: id('1'),
      reseller_id: `'${resellerId}'`,
      type: "'reseller.user.updated'",
      actor: "'client:bench'",
      subject: user,
      before: 'printf(\'{"padding":"%0400d"}\', i)',
      request_id: id('1'),
      occurred_at: 'i',
    },
  },
  webhook_deliveries: {
    rows: 100_000,
    columns: {
      id: id('2'),
      event_id: id('1'),
      endpoint_id: "'bench'",
      event_type: "'reseller.user.updated'",
      state: "'delivered'",
      created_at: 'i',
    },
  },
  webhook_attempts: {
    rows: 200_000,
    columns: {
      id: id('3'),
      delivery_id: "printf('00000002-0000-7000-8000-%012x', 1 + i / 2 % 100000)",
      endpoint_id: "'bench'",
      reseller_id: `'${resellerId}'`,
      event_id: "printf('00000001-0000-7000-8000-%012x', 1 + i / 2 % 100000)",
      event_type: "'reseller.user.updated'",
      attempt: '1',
      status: "'delivered'",
      attempted_at: 'i',
      duration_ms: '12',
      status_code: '204',
      reason: "'delivered'",
      answer: "''",
    },
  },
  emails: {
    rows: 100_000,
    columns: {
      id: id('4'),
      cause: id('4'),
      template: "'activation'",
      language: "'en'",
      recipient: "'user' || i || '@example.com'",
      recipient_key: "'user' || i || '@example.com'",
      reseller_id: `'${resellerId}'`,
      user_id: user,
      state: "'sent'",
      created_at: 'i',
    },
  },
  idempotency_keys: {
    rows: 200_000,
    columns: {
      credential: "'client:bench'",
      key: id('5'),
      fingerprint: id('5'),
      status: '201',
      sealed_body: "printf('%0600d', i)",
      expires_at: 'i',
    },
  },
  activations: {
    rows: 50_000,
    columns: {
      user_id: user,
      purpose: "'activation'",
      email_key: "'user0@example.com'",
      token_hash: id('6'),
      created_at: 'i',
      expires_at: 'i',
    },
  },
  sessions: {
    rows: 50_000,
    columns: {
      id: id('7'),
      user_id: anyUser,
      reseller_id: `'${resellerId}'`,
      created_at: 'i',
      expires_at: 'i',
      ended_at: 'i',
    },
  },
  refresh_tokens: {
    rows: 50_000,
    columns: { family_hash: id('8'), session_id: id('7'), token_hash: id('8') },
  },
  sign_in_attempts: {
    rows: 40_000,
    columns: {
      id: id('9'),
      email_key: "'user' || i",
      method: "'pwd'",
      address: "'192.0.2.' || i % 256",
      attempted_at: 'i',
      expires_at: 'i',
    },
  },
  sign_in_flows: {
    rows: 20_000,
    columns: { id: id('a'), browser_hash: id('a'), goal: "'{}'", user_id: user, created_at: 'i', expires_at: 'i' },
  },
  revoked_tokens: { rows: 10_000, columns: { jti: id('b'), expires_at: 'i' } },
  dead_letters: { rows: 5_000, columns: { id: id('c'), message: "'{}'", reason: "''", received_at: 'i' } },
};

export const expiredRows = Object.values(expired).reduce((sum, { rows }) => sum + rows, 0);

/** Fills the tables with rows that ran out long ago. */
export async function seedExpired(db: D1Database): Promise<void> {
  await db
    .prepare(
      `INSERT INTO webhook_endpoints (id, reseller_id, name, name_key, url, sealed_token, enabled, events, status, after_seq,
        created_at, updated_at) VALUES ('bench', ?, 'Bench', 'bench', 'https://example.com', '', 0, '[]', 'healthy', 0, 1, 1)`,
    )
    .bind(resellerId)
    .run();
  const chunk = 25_000;
  for (const [table, { rows, columns }] of Object.entries(expired)) {
    for (let from = 1; from <= rows; from += chunk) {
      await db
        .prepare(
          `WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
          INSERT INTO ${table} (${Object.keys(columns).join(', ')}) SELECT ${Object.values(columns).join(', ')} FROM n`,
        )
        .bind(from, Math.min(from + chunk, rows + 1))
        .run();
    }
  }
}

/** How many of them still stand. What the load leaves behind is young. */
export async function countExpired(db: D1Database): Promise<number> {
  const before = Date.now() - 365 * DAY_MS;
  const counts = Object.entries(expired).map(([table, { columns }]) => {
    const time = ['expires_at', 'received_at', 'occurred_at', 'attempted_at', 'created_at'].find(
      (name) => name in columns,
    );
    return `(SELECT count(*) FROM ${table} WHERE ${time} < ${before})`;
  });
  return (await db.prepare(`SELECT ${counts.join(' + ')} AS left`).first<number>('left')) ?? Number.NaN;
}
