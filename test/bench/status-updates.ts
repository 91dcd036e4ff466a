import { setTimeout as sleep } from 'node:timers/promises';
import { STATUS_UPDATES_MAX } from '../../src/model/limits/index.ts';
import { sendLoad } from './load/load.ts';
import { type MailSink, type SinkProgress, startMailSink } from './load/mail-sink.ts';
import type { Bundle } from './servers/bundle.ts';
import { resellerId, seededUsers } from './servers/database.ts';
import { type Launched, launchOurs } from './servers/launch.ts';
import { cpuMsWhenIdle } from './servers/process.ts';

/** One status update to so many subscribers. Times run from the start of its request. */
export type StatusFanout = {
  subscribers: number;
  requestMs: number;
  /** Until every mail is a row, with its message in the queue or about to be. */
  writtenMs: number;
  /** Until the last mail was at the mail server. */
  receivedMs: number;
  /** Rows of `emails`, and the users among them. */
  rows: { mails: number; users: number; sent: number };
  sink: SinkProgress;
};

const scopes = 'status:publish';
/** Updates before there are subscribers, so that the one that counts meets code that has run; as many as leave room for it. */
const warmUps = STATUS_UPDATES_MAX - 1;
/** The run ends after this even if mails are missing. */
const fanoutTimeMs = 300_000;
/** Messages that come twice come soon. */
const restMs = 3_000;
const pollMs = 20;

/** Publishes a status update to every seeded user, on a Worker and a mail server of its own. */
export async function measureStatusUpdate(code: Bundle): Promise<StatusFanout> {
  const sink = await startMailSink();
  try {
    const settings = { SMTP_URL: sink.url, MAIL_FROM: 'bench@example.com' };
    const launched = await launchOurs(code, scopes, settings);
    try {
      return await measure(launched, sink);
    } finally {
      await launched.running.stop();
    }
  } finally {
    await sink.stop();
  }
}

async function measure(launched: Launched, sink: MailSink): Promise<StatusFanout> {
  const { db, pid } = launched.running;
  await publish(launched, warmUps);
  await db
    .prepare(`UPDATE memberships SET roles = '["account.user","account.service.status"]' WHERE reseller_id = ?`)
    .bind(resellerId)
    .run();
  await db.prepare('UPDATE users SET email_verified_at = 1 WHERE reseller_id = ?').bind(resellerId).run();
  await cpuMsWhenIdle(pid);
  const start = Date.now();
  const [requestMs = Number.NaN] = await publish(launched, 1);
  const deadline = start + fanoutTimeMs;
  await until(deadline, async () => (await progressOf(db)).expanding === 0);
  const writtenMs = Date.now() - start;
  await until(deadline, async () => (await sink.progress()).recipients >= seededUsers);
  await sleep(restMs);
  const received = await sink.progress();
  return {
    subscribers: seededUsers,
    requestMs,
    writtenMs,
    receivedMs: received.lastAt - start,
    rows: await rowsOf(db),
    sink: received,
  };
}

/** Publishes updates one after the other and gives the latency of each. */
async function publish({ running, token }: Launched, requests: number): Promise<number[]> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({
    title: 'Uploads fail',
    body: 'Since 17:40 UTC.\n\nWe are on it.',
    severity: 'incident',
  });
  const path = `/v1.0/accounts/${resellerId}/statusUpdates`;
  const call = () => ({ method: 'POST', path, headers, body, expect: 202 }) as const;
  const { latenciesMs } = await sendLoad(running.origin, call, { requests, timeMs: 60_000, concurrency: 1 });
  return latenciesMs;
}

async function until(deadline: number, done: () => Promise<boolean>): Promise<void> {
  while (!(await done()) && Date.now() < deadline) await sleep(pollMs);
}

async function progressOf(db: D1Database): Promise<{ expanding: number }> {
  const found = await db
    .prepare('SELECT count(*) AS expanding FROM status_update_progress WHERE expanding_at IS NOT NULL')
    .first<{ expanding: number }>();
  return found ?? { expanding: 0 };
}

async function rowsOf(db: D1Database): Promise<StatusFanout['rows']> {
  const counted = await db
    .prepare(
      `SELECT count(*) AS mails, count(DISTINCT user_id) AS users, count(*) FILTER (WHERE state = 'sent') AS sent
        FROM emails WHERE status_update_id IS NOT NULL`,
    )
    .first<StatusFanout['rows']>();
  return counted ?? { mails: 0, users: 0, sent: 0 };
}
