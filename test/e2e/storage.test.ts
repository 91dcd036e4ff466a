import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestToken } from './support/api.ts';
import { freePort } from './support/ports.ts';
import { family } from './support/processes.ts';
import { type Run, readDemo, startScript, startServer, stopServer } from './support/server.ts';
import { cloneTree } from './support/tree.ts';
import { until } from './support/until.ts';

const MIB = 1024 * 1024;
const SIZE = 100 * MIB;
/** Four at once: held whole, even only once, they would take 400 MiB. */
const AT_ONCE = 4;
/** What the runtime and its stand-in for R2 leave to the garbage collector: 100 to 200 MiB, however much comes through. */
const GROWTH_MAX = 300 * MIB;

const tree = cloneTree();
let server: Run;
let accounts: string;
let headers: Record<string, string>;

beforeAll(async () => {
  const port = await freePort();
  server = await startServer(tree, startScript, port);
  const { baseUrl, operator, reseller } = readDemo(tree);
  headers = { Authorization: `Bearer ${await requestToken(baseUrl, operator)}` };
  accounts = `${baseUrl}/v1.0/accounts/${reseller.id}/storageAccounts`;
});

afterAll(async () => {
  if (server !== undefined) await stopServer(server);
  tree.remove();
});

/** A new storage account with room for so much, by its address. */
async function makeAccount(name: string, quotaBytes: number): Promise<string> {
  const body = JSON.stringify({ name, quotaBytes });
  const response = await fetch(accounts, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body,
  });
  const { data } = (await response.json()) as { data: { id: string } };
  return `${accounts}/${data.id}`;
}

/** Random bytes, so that nothing on the way can make them fewer; `hash` is theirs once they have all been read. */
function source(size: number) {
  const [hash, block] = [createHash('sha256'), randomBytes(MIB)];
  function* blocks() {
    for (let sent = 0; sent < size; sent += block.length) {
      block.writeUInt32LE(sent / MIB);
      const copy = Buffer.from(block);
      hash.update(copy);
      yield copy;
    }
  }
  return { stream: Readable.from(blocks()), digest: () => hash.digest('hex') };
}

/** Sends bytes with their length, as `curl -T` does. */
async function upload(address: string, size: number) {
  const { stream, digest } = source(size);
  const answered = new Promise<number | undefined>((resolve, reject) => {
    const sending = request(address, { method: 'PUT', headers: { ...headers, 'Content-Length': size } }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
    sending.on('error', reject);
    pipeline(stream, sending).catch(reject);
  });
  return { status: await answered, digest: digest() };
}

async function download(address: string): Promise<string> {
  const response = await fetch(address, { headers });
  expect(response.headers.get('Content-Length')).toBe(String(SIZE));
  const hash = createHash('sha256');
  for await (const chunk of response.body ?? []) hash.update(chunk);
  return hash.digest('hex');
}

/** The most memory that the server's runtimes have had, all together. */
function peakBytes(): number {
  return family(server.child.pid ?? 0)
    .map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'))
    .filter((status) => status.startsWith('Name:\tworkerd\n'))
    .reduce((sum, status) => sum + 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]), 0);
}

async function usedBytes(account: string): Promise<number> {
  const { data } = (await (await fetch(account, { headers })).json()) as { data: { usedBytes: number } };
  return data.usedBytes;
}

it('takes 100 MiB in and gives them out again, four times at once, without holding them', async () => {
  const account = await makeAccount('Large', AT_ONCE * SIZE);
  await upload(`${await makeAccount('Warm', MIB)}/objects/warm`, MIB);
  const before = peakBytes();
  const addresses = Array.from({ length: AT_ONCE }, (_, n) => `${account}/objects/large/${n}`);
  const uploaded = await Promise.all(addresses.map((address) => upload(address, SIZE)));
  expect(uploaded.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(201));
  expect(await Promise.all(addresses.map(download))).toEqual(uploaded.map(({ digest }) => digest));
  expect(await usedBytes(account)).toBe(AT_ONCE * SIZE);
  const growth = peakBytes() - before;
  console.log(`the runtime's peak grew by ${Math.round(growth / MIB)} MiB`);
  expect(before).toBeGreaterThan(0);
  expect(growth).toBeLessThan(GROWTH_MAX);

  const response = await fetch(addresses[0] ?? '', { method: 'HEAD', headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Length')).toBe(String(SIZE));
  expect((await upload(`${account}/objects/more`, MIB)).status).toBe(413);
});

it('gives the room back at once where a caller hangs up in the middle', async () => {
  const account = await makeAccount('Broken', SIZE);
  const options = { method: 'PUT', headers: { ...headers, 'Content-Length': SIZE } };
  const sending = request(`${account}/objects/broken`, options);
  const failed = new Promise((resolve) => {
    sending.on('error', resolve);
  });
  await new Promise((resolve) => sending.write(randomBytes(MIB), resolve));
  const tried = async (status: number) =>
    (await upload(`${account}/objects/other`, MIB)).status === status ? true : undefined;
  await until('the reservation', () => tried(413), 20_000);
  sending.destroy();
  await failed;
  await until('the room', () => tried(201), 20_000);
  expect(await usedBytes(account)).toBe(MIB);
});
