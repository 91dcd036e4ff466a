import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { consumers } from '../../src/delivery/consume.ts';
import { JOBS } from '../../src/model/jobs/jobs.ts';
import {
  WEBHOOK_CONNECTIONS,
  WEBHOOK_LEASE_MS,
  WEBHOOK_RESPONSE_BODY_MS,
  WEBHOOK_RUN_MS,
  WEBHOOK_TIMEOUT_MS,
} from '../../src/model/limits/index.ts';

const { queues, triggers, vars, preview_urls: previews, compatibility_flags: flags } = env.CONFIG;
const consumed = queues.consumers ?? [];

test('every cron expression of the configuration has its jobs, and no job goes without one', () => {
  expect([...new Set(JOBS.map(({ schedule }) => schedule))].sort()).toEqual([...(triggers.crons ?? [])].sort());
});

test('every queue that is consumed has its consumer, and no consumer goes without a queue', () => {
  expect(consumed.map(({ queue }) => queue).sort()).toEqual(Object.keys(consumers).sort());
});

test('what is sent is consumed, and what is given up ends in a queue that records it', () => {
  for (const { queue } of queues.producers ?? []) {
    const consumer = consumed.find((signInUser) => signInUser.queue === queue);
    expect(consumer?.dead_letter_queue).toBe('reseller-edge-dead');
    expect(consumer).toMatchObject({ max_retries: expect.any(Number), retry_delay: expect.any(Number) });
  }
});

test('an endpoint stays held for as long as its consumer may take, which fits into what the platform allows', () => {
  expect(WEBHOOK_LEASE_MS).toBeGreaterThan(WEBHOOK_RUN_MS + WEBHOOK_TIMEOUT_MS + WEBHOOK_RESPONSE_BODY_MS);
  expect(WEBHOOK_RUN_MS + WEBHOOK_TIMEOUT_MS + WEBHOOK_RESPONSE_BODY_MS).toBeLessThan(30_000);
});

test('each message of a batch has a connection of its own, and none is waited for', () => {
  const webhooks = consumed.find(({ queue }) => queue === 'reseller-edge-tasks');
  expect(webhooks?.max_batch_size).toBeLessThanOrEqual(WEBHOOK_CONNECTIONS);
  expect(flags).toContain('queue_consumer_no_wait_for_wait_until');
});

test('a deployment has no preview URLs', () => {
  expect(previews).toBe(false);
});

test('a deployment allows no loopback webhooks and reaches no private network', () => {
  expect(vars).not.toHaveProperty('DEVELOPMENT');
  expect(flags).toContain('global_fetch_strictly_public');
});
