import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { beforeEach, expect, test, vi } from 'vitest';
import {
  type Chain,
  type ChainRow,
  READ_CHAIN,
  READ_COLUMNS,
  verifyLog,
} from '../../scripts/lib/database/verify-chain.ts';
import { signHead } from '../../src/auth/tokens/audit-heads.ts';
import { keyRing, publicKeys, verifiersOf } from '../../src/auth/tokens/keys.ts';
import { jobStates } from '../../src/db/jobs/job-states.ts';
import { readEnv } from '../../src/env.ts';
import { expire } from '../../src/jobs/expire.ts';
import { runJob } from '../../src/jobs/run.ts';
import { seal } from '../../src/jobs/seal.ts';
import { type ChainHead, computeSeal } from '../../src/model/events/audit-chain.ts';
import { AUDIT_RETENTION_MS, SEAL_ROWS } from '../../src/model/limits/index.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { makeReseller, newUser, rows } from '../support/world.ts';

beforeEach(async () => {
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  muteQueues();
  said = vi.spyOn(console, 'log').mockImplementation(() => {});
});

/** What the operator's log holds. */
let said: { readonly mock: { readonly calls: readonly unknown[][] } };

/** Pages of two rows. */
const readRows = (beyond: number) =>
  rows<ChainRow>(`select ${READ_COLUMNS.join(', ')} from events where seq > ? order by seq limit 2`, beyond);

const readChain = async () => (await rows<Chain>(READ_CHAIN))[0]!;

/** The keys that the deployment publishes, and others that the operator kept. */
const evidence = async (known: ChainHead | null = null, kept: JWK[] = []) => ({
  known,
  keys: await verifiersOf(publicKeys([...readEnv(env).signingKeys, ...kept])),
});

/** What `npm run audit:verify` finds. */
const verify = async (known: ChainHead | null = null, kept: JWK[] = []) =>
  verifyLog(readChain, readRows, await evidence(known, kept));

/** The heads in the operator's log. */
const noted = () =>
  said.mock.calls
    .map((words) => JSON.parse(String(words[0])))
    .flatMap((line) => (line.where === 'audit' ? line.head : []));

/** A log of a few sealed rows. */
async function makeLog() {
  const { base, api } = await makeReseller();
  const users = [];
  for (let made = 0; made < 4; made++) users.push((await api.post(`${base}/users`, newUser())).body);
  await api.patch(`${base}/users/${users[0].id}`, { firstName: 'Ada' });
  const { worker, clock } = stoppedWorld();
  await runJob(withSettings(worker, { logLevel: 'error' }), seal);
  const verdict = await verify();
  if (!verdict.sound) throw new Error(verdict.problem);
  return { base, api, worker, clock, head: verdict.head };
}

const count = async () => (await rows<{ n: number }>('select count(*) as n from events'))[0]!.n;

test('a log that nobody touched is sound, with what is still to be sealed', async () => {
  const nothing = { sound: true, sealed: 0, unsealed: 0, head: { seq: 0, hash: '' }, unknownKeys: [] };
  expect(await verify()).toEqual(nothing);
  const { base, api, head } = await makeLog();
  expect(await verify(head)).toEqual({ ...nothing, sealed: 6, head: { ...head, seq: 6 } });
  expect(head.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(noted()).toEqual([`6:${head.hash}`]);
  await api.post(`${base}/users`, newUser());
  expect(await verify(head)).toMatchObject({ sound: true, sealed: 6, unsealed: 1, head });
});

test.each(['id', 'type', 'actor', 'subject', 'before', 'after', 'request_id', 'address', 'user_agent'])(
  'an altered %s shows',
  async (column) => {
    await makeLog();
    await rows(`update events set ${column} = 'x' where seq = 3`);
    expect(await verify()).toMatchObject({ sound: false, seq: 3 });
  },
);

test.each(['reseller_id = null', 'before = null', 'occurred_at = 1', 'audit_only = 1', "hash = 'x'", 'hash = null'])(
  'a row with %s shows',
  async (assignment) => {
    await makeLog();
    // The only one that has a state before.
    await rows(`update events set ${assignment} where seq = 6`);
    expect(await verify()).toMatchObject({ sound: false, seq: 6 });
  },
);

test('what goes on with an event after its commit is no alteration', async () => {
  const { head } = await makeLog();
  await rows("update events set relay_at = 9, relays = 3, body = 'b'");
  expect(await verify(head)).toMatchObject({ sound: true });
});

test.each([1, 3, 6])('that row %i is missing shows', async (seq) => {
  await makeLog();
  await rows('delete from events where seq = ?', seq);
  expect(await verify()).toMatchObject({ sound: false, seq });
});

test('what shows is named by its id, and what is missing by the one before it', async () => {
  await makeLog();
  const [third, fourth] = await rows<{ id: string }>('select id from events where seq in (3, 4) order by seq');
  await rows("update events set actor = 'x' where seq = 4");
  expect(await verify()).toMatchObject({ seq: 4, id: fourth!.id });
  await rows('delete from events where seq = 4');
  expect(await verify()).toEqual({ sound: false, seq: 4, id: null, problem: `is missing, after id "${third!.id}"` });
  await rows('delete from events where seq > 3');
  const problem = `is missing, after id "${third!.id}", and so is whatever came after it up to 6`;
  expect(await verify()).toEqual({ sound: false, seq: 4, id: null, problem });
  await rows('delete from events');
  expect(await verify()).toMatchObject({ seq: 1, id: null, problem: expect.stringMatching(/^is missing, and so is/) });
});

test('that the end is missing shows, also where nothing was sealed of it', async () => {
  const { base, api, head } = await makeLog();
  await rows('delete from events where seq > 3');
  expect(await verify()).toMatchObject({ sound: false, seq: 4 });
  await rows('update audit_chain set head_seq = 3, head_hash = (select hash from events where seq = 3)');
  expect(await verify()).toMatchObject({ sound: false, seq: 4 });
  expect(await verify(head)).toMatchObject({ sound: false, seq: 4 });
  await api.post(`${base}/users`, newUser());
  // The numbers are never given twice.
  expect(await verify()).toMatchObject({ sound: false, seq: 4 });
});

test('rows in another order show, and so does one that is put in', async () => {
  await makeLog();
  await rows('update events set seq = -1 where seq = 2');
  await rows('update events set seq = 2 where seq = 3');
  await rows('update events set seq = 3 where seq = -1');
  expect(await verify()).toMatchObject({ sound: false, seq: 2 });
});

test('an altered row that is sealed anew breaks the next', async () => {
  await makeLog();
  await rows("update events set actor = 'x' where seq = 4");
  const [row] = await rows<ChainRow>(`select ${READ_COLUMNS.join(', ')} from events where seq = 4`);
  const [{ hash: previous }] = await rows('select hash from events where seq = 3');
  const values = READ_COLUMNS.slice(0, -1).map((name) => row![name]);
  await rows('update events set hash = ? where seq = 4', await computeSeal(previous, values));
  expect(await verify()).toMatchObject({ sound: false, seq: 5 });
});

/** As its writer would leave the log: each seal computed anew, and the head that goes with them. */
async function rewrite(change: string) {
  await rows(change);
  let [seq, hash] = [0, ''];
  for (const row of await rows<ChainRow>(`select ${READ_COLUMNS.join(', ')} from events order by seq`)) {
    const values = READ_COLUMNS.slice(0, -1).map((name) => row[name]);
    [seq, hash] = [row.seq, await computeSeal(hash, values)];
    await rows('update events set hash = ? where seq = ?', hash, seq);
  }
  await rows('update audit_chain set head_seq = ?, head_hash = ?', seq, hash);
  return { seq, hash };
}

const forget = "update events set actor = 'x' where seq = 4";

test('a log that is written anew with all its seals is none that was signed, and the Worker signs no more of it', async () => {
  const { base, api, worker } = await makeLog();
  await rewrite(forget);
  expect(await verify()).toMatchObject({ sound: false, seq: 6, problem: 'has another seal than was signed or noted' });
  await api.post(`${base}/users`, newUser());
  const fault = vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(await runJob(worker, seal)).toBe(false);
  expect(String(fault.mock.calls[0])).toContain('UnsignedHead');
  expect(await verify()).toMatchObject({ sound: false, seq: 6 });
  expect(noted()).toHaveLength(1);
});

test('signatures that are removed show, and so do those that are no signature of this head', async () => {
  const { worker } = await makeLog();
  const head = await rewrite(forget);
  const { signer } = await keyRing(worker.env);
  const { privateKey } = await generateKeyPair('ES256');
  const put = (keyId: string, signature: string) =>
    rows('insert or replace into audit_heads values (?, ?, ?)', keyId, head.seq, signature);
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const expectRefused = async () => {
    expect(await verify()).toMatchObject({ sound: false, seq: 6 });
    expect(await runJob(worker, seal)).toBe(false);
  };
  // A key of the writer's own, by our name and by another; a token that we signed; nothing at all.
  await put(signer.kid, await signHead({ ...signer, key: privateKey }, head));
  await expectRefused();
  await put(signer.kid, (await makeReseller()).api.token);
  await expectRefused();
  await rows('delete from audit_heads');
  await expectRefused();
  await put('mine', await signHead({ kid: 'mine', alg: 'ES256', key: privateKey }, head));
  await expectRefused();
});

test('a log that is cut off at a head that was signed before, or begun anew for the Worker to sign, shows by a noted head', async () => {
  const { base, api, worker, head } = await makeLog();
  const earlier = await rows('select * from audit_heads');
  await api.post(`${base}/users`, newUser());
  await runJob(worker, seal);
  const last = (await verify()) as { head: ChainHead };
  await rows('delete from events where seq > 6');
  await rows('update audit_chain set head_seq = ?, head_hash = ?', head.seq, head.hash);
  expect(await verify()).toMatchObject({ sound: false, seq: 7 });
  await rows('update audit_heads set seq = ?, signature = ?', earlier[0].seq, earlier[0].signature);
  expect(await verify()).toMatchObject({ sound: true, head });
  expect(await verify(last.head)).toMatchObject({ sound: false, seq: 7 });

  await rows('delete from audit_heads');
  await rows('update events set hash = null');
  await rows("update audit_chain set head_seq = 0, head_hash = ''");
  await rows(forget);
  await runJob(worker, seal);
  expect(await verify()).toMatchObject({ sound: true });
  expect(await verify(head)).toMatchObject({ sound: false, seq: 6 });
});

test('each key signs the head once, and one that signs no more is kept to verify by', async () => {
  const { base, api, worker, head } = await makeLog();
  const old = worker.env.signingKeys[0]!;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const fresh = { ...(await exportJWK(privateKey)), kid: 'fresh', alg: 'ES256' } as typeof old & JWK;
  const rotated = withSettings(worker, { signingKeys: [fresh, old] });
  for (let runs = 0; runs < 3; runs++) await runJob(rotated, seal);
  expect(noted()).toEqual([`6:${head.hash}`, `6:${head.hash}`]);
  const newKey = publicKeys([fresh]);
  expect(await verify(null, newKey)).toMatchObject({ sound: true, unknownKeys: [] });
  expect(await verify()).toMatchObject({ sound: true, unknownKeys: ['fresh'] });
  await api.post(`${base}/users`, newUser());
  await runJob(withSettings(worker, { signingKeys: [fresh] }), seal);
  expect(await verify(null, newKey)).toMatchObject({ sound: true, sealed: 7 });
  // A key that was dropped at once, and whose successor has signed nothing.
  const other = {
    ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)),
    kid: 'other',
    alg: 'ES256',
  };
  const emergency = { signingKeys: [other as typeof fresh] };
  await api.post(`${base}/users`, newUser());
  vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(await runJob(withSettings(worker, { ...emergency, auditKeys: publicKeys([old]) as never }), seal)).toBe(false);
  expect(await runJob(withSettings(worker, { ...emergency, auditKeys: newKey as never }), seal)).toBe(true);
  expect(await verify(null, [...newKey, ...publicKeys([other])])).toMatchObject({ sound: true, sealed: 8 });
});

test('rows that are sealed while the log is read are no alteration', async () => {
  const { base, api, worker, head } = await makeLog();
  for (let made = 0; made < 3; made++) await api.post(`${base}/users`, newUser());
  const read = async (beyond: number) => {
    const page = await readRows(beyond);
    if (page.at(-1)?.seq === 8) await runJob(worker, seal);
    return page;
  };
  expect(await verifyLog(readChain, read, await evidence(head))).toMatchObject({
    sound: true,
    sealed: 6,
    unsealed: 3,
    head,
  });
  expect(await verify(head)).toMatchObject({ sound: true, sealed: 9, unsealed: 0 });
});

/** As the purge takes the oldest rows away. */
async function passTo(seq: number) {
  await rows('update audit_chain set (start_seq, start_hash) = (select seq, hash from events where seq = ?)', seq);
  await rows('delete from events where seq <= ?', seq);
}

test('rows that are purged while the log is read are no alteration, and hide none', async () => {
  const { head } = await makeLog();
  /** Purges up to each of these rows before each page that is read. */
  const during = async (...upTo: number[]) =>
    verifyLog(
      readChain,
      async (beyond) => {
        const next = upTo.shift();
        if (next !== undefined) await passTo(next);
        return readRows(beyond);
      },
      await evidence(head),
    );
  expect(await during(1, 2)).toMatchObject({ sound: true, sealed: 4, head });
  await rows("update events set actor = 'x' where seq = 6");
  expect(await during(3, 4, 5)).toMatchObject({ sound: false, seq: 6 });
});

test('a log that is altered is called so while its beginning goes on being purged', async () => {
  await makeLog();
  await rows("update events set actor = 'x' where seq = 5");
  let reads = 0;
  const moving = async () => {
    if (reads > 0) await passTo(reads);
    reads += 1;
    return readChain();
  };
  expect(await verifyLog(moving, readRows, await evidence())).toMatchObject({ sound: false, seq: 5 });
  expect(reads).toBe(2);
});

test('a head that was noted of what is not kept any more is no proof', async () => {
  const { head } = await makeLog();
  await passTo(4);
  const [{ start_hash: hash }] = await rows('select start_hash from audit_chain');
  expect(await verify({ seq: 4, hash })).toMatchObject({ sound: true, sealed: 2, head });
  expect(await verify({ seq: 4, hash: head.hash })).toMatchObject({ sound: false, seq: 4 });
  expect(await verify({ seq: 3, hash })).toMatchObject({ sound: false, seq: 3 });
});

test('two that seal at once, or one that died on the way, do no harm', async () => {
  const { base, api } = await makeReseller();
  await api.post(`${base}/users`, newUser());
  const { worker } = stoppedWorld();
  const [step] = await seal.steps(worker);
  await Promise.all([1, 2, 3].map(() => step!.chunk(worker)));
  expect(await verify()).toMatchObject({ sound: true, sealed: 2, unsealed: 0 });
  expect(new Set(noted()).size).toBe(1);
  await api.post(`${base}/users`, newUser());
  const dies = { prepare: (sql: string) => env.DB.prepare(sql), batch: () => Promise.reject(new Error('gone')) };
  await expect(step!.chunk({ ...worker, db: dies as typeof worker.db })).rejects.toThrow('gone');
  expect(await runJob({ ...worker, db: dies as typeof worker.db }, seal)).toBe(false);
  expect(await verify()).toMatchObject({ unsealed: 1 });
  await runJob(worker, seal);
  expect(await verify()).toMatchObject({ sound: true, sealed: 3, unsealed: 0 });
});

test('a run seals all there is, however many chunks that takes', async () => {
  const { worker, head } = await makeLog();
  await rows(
    `insert into events (id, type, actor, subject, request_id, occurred_at)
     select 'many-' || value, 't', 'a', 's', 'r', 1 from json_each(?)`,
    JSON.stringify(Array.from({ length: 2 * SEAL_ROWS + 1 }, (_, index) => index)),
  );
  await runJob(worker, seal);
  expect(await verify(head)).toMatchObject({ sound: true, sealed: 7 + 2 * SEAL_ROWS, unsealed: 0 });
});

test('the log is kept for a year, and what is left can be verified', async () => {
  const { base, api, worker, clock, head } = await makeLog();
  await rows('update events set relay_at = null');
  clock.nowMs += AUDIT_RETENTION_MS - 3_600_000;
  await runJob(worker, expire);
  expect(await count()).toBe(6);
  clock.nowMs += 7_200_000;
  // What is younger, or not sealed, stays.
  const { body } = await api.post(`${base}/users`, newUser());
  await rows("update events set id = 'ffffffff' where subject = ?", body.id);
  await runJob(worker, expire);
  expect(await rows('select subject from events')).toEqual([{ subject: body.id }]);
  expect(await verify()).toMatchObject({ sound: true, sealed: 0, unsealed: 1, head });
  await runJob(worker, seal);
  expect(await verify(head)).toMatchObject({ sound: true, sealed: 1 });
});

test('old rows go whatever hangs on them: one that waits to be relayed, or a delivery, holds back none', async () => {
  const { api, worker, clock } = await makeLog();
  await api.post('/v3/webhooks', { name: 'w', url: 'https://example.com', token: 't', enabled: true, events: ['*'] });
  await rows(
    `insert into webhook_deliveries (id, event_id, endpoint_id, event_type, state, next_attempt_at, created_at)
     select 'ffffffff', event.id, endpoint.id, event.type, 'pending', 9e15, 1 from events as event, webhook_endpoints as endpoint
     where event.seq = 3`,
  );
  await rows(
    `insert into webhook_attempts (id, delivery_id, endpoint_id, event_type, attempt, status, attempted_at, duration_ms, reason, answer)
     select 'ffffffff', id, endpoint_id, event_type, 1, 'failed', 1, 1, '', '' from webhook_deliveries where id = 'ffffffff'`,
  );
  await runJob(worker, seal);
  clock.nowMs += AUDIT_RETENTION_MS + 86_400_000;
  const { body } = await api.post('/v3/webhooks', {
    name: 'x',
    url: 'https://example.com',
    token: 't',
    enabled: true,
    events: ['*'],
  });
  await rows("update events set id = 'ffffffff' where subject = ?", body.id);
  await rows('update events set relay_at = 1');
  const lag = async () => (await jobStates(worker.db, clock.nowMs)).find(({ name }) => name === 'purge');
  expect((await lag())?.waitingSince).toBeLessThan(clock.nowMs);
  await runJob(worker, expire);
  expect(await rows('select subject from events')).toEqual([{ subject: body.id }]);
  expect(await rows('select 1 from webhook_deliveries where event_id is not null')).toEqual([]);
  expect(await verify()).toMatchObject({ sound: true, sealed: 0, unsealed: 1 });
});
