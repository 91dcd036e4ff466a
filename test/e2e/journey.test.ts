import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caller, type Json, requestToken } from './support/api.ts';
import { freePort } from './support/ports.ts';
import { type Received, type Receiver, startReceiver } from './support/receiver.ts';
import { addressFields, exampleUser, organizationFields, userFields } from './support/seed.ts';
import { type Demo, type Run, readDemo, startScript, startServer, stopServer } from './support/server.ts';
import { cloneTree } from './support/tree.ts';

const standardToken = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const plainToken = 'a token of the other form';
const tree = cloneTree();
let server: Run;
let receiver: Receiver;
let demo: Demo;
let api: ReturnType<typeof caller>;

beforeAll(async () => {
  receiver = await startReceiver();
  server = await startServer(tree, startScript, await freePort());
  demo = readDemo(tree);
  api = caller(demo.baseUrl, await requestToken(demo.baseUrl, demo.reseller));
});

afterAll(async () => {
  receiver?.close();
  if (server !== undefined) await stopServer(server);
  tree.remove();
});

describe('a user made over HTTP', () => {
  let created: Json;
  let standard: Received;
  let plain: Received;

  it('is created, with the fields of the published reply and no other', async () => {
    await makeWebhook('/standard', standardToken);
    await makeWebhook('/plain', plainToken);
    const { status, body } = await api.post(users(), await example());
    expect(status).toBe(201);
    expectUser(body);
    created = body;
  });

  it('is announced to every webhook, with the published payload', async () => {
    [standard, plain] = [(await receiver.arrived('/standard', 1))[0]!, (await receiver.arrived('/plain', 1))[0]!];
    for (const { headers, body } of [standard, plain]) {
      const payload = JSON.parse(body);
      expect(Object.keys(payload)).toEqual(['event', 'data', 'triggeredAt']);
      expect(payload.event).toBe('reseller.user.created');
      expect(payload.data).toEqual(created);
      expectUser(payload.data);
      expect(payload.triggeredAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
    }
  });

  it('has its announcement signed by Standard Webhooks for a token whsec_…', () => {
    const headers = standard.headers as Record<string, string>;
    expect(() => new Webhook(standardToken).verify(standard.body, headers)).not.toThrow();
    expect(() => new Webhook(standardToken).verify(`${standard.body} `, headers)).toThrow();
  });

  it('has its announcement signed by HMAC-SHA256 over the body for any other token', () => {
    const signature = createHmac('sha256', plainToken).update(plain.body).digest('base64');
    expect(plain.headers['webhook-signature']).toBe(signature);
    expect(plain.headers['webhook-id']).toBeTruthy();
    expect(plain.headers['webhook-timestamp']).toMatch(/^\d{10}$/);
  });

  it('is in the list of users', async () => {
    const { status, body } = await api.get(users());
    expect(status).toBe(200);
    expect(body).toEqual([created]);
  });

  it('cannot be made again with the same e-mail address, and nobody is told', async () => {
    const { status, body } = await api.post(users(), await example());
    expect(status).toBe(409);
    expect(body).toEqual({ message: expect.any(String), code: 'EMAIL_ALREADY_EXISTS' });
    const other = await api.post(users(), { ...(await example()), email: 'second@example.com' });
    const [, second] = await receiver.arrived('/plain', 2);
    expect(JSON.parse(second!.body).data.id).toBe(other.body['id']);
  });
});

describe("the README's sample of a receiver", () => {
  let verify: (token: string, headers: Received['headers'], body: string) => boolean;

  beforeAll(async () => {
    const samples = readFileSync('README.md', 'utf8').matchAll(/```js\n([\s\S]*?)```/g);
    const sample = [...samples].map(([, text]) => text ?? '').find((text) => text.includes('verify')) ?? '';
    const file = join(tree.folder, 'sample.mjs');
    writeFileSync(file, sample);
    ({ verify } = await import(pathToFileURL(file).href));
  });

  it.each([
    ['/standard', standardToken],
    ['/plain', plainToken],
  ])('takes what came to %s, and nothing that was changed, is old or came with another token', async (path, token) => {
    const [{ headers, body }] = (await receiver.arrived(path, 1)) as [Received];
    expect(verify(token, headers, body)).toBe(true);
    expect(verify(token, headers, `${body} `)).toBe(false);
    expect(verify(`${token.slice(0, 6)}A${token.slice(7)}`, headers, body)).toBe(false);
    expect(verify(token, { ...headers, 'webhook-timestamp': '1700000000' }, body)).toBe(false);
    expect(verify(token, { ...headers, 'webhook-signature': 'é'.repeat(44) }, body)).toBe(false);
  });

  it('takes both tokens after a rotation', async () => {
    const { body: list } = await api.get('/v3/webhooks?name=/standard');
    const [{ id }] = list as unknown as [{ id: string }];
    const { status, body } = await api.post(`/v3/webhooks/${id}/rotate-token`, {});
    expect(status).toBe(201);
    const before = receiver.received.filter(({ path }) => path === '/standard').length;
    await api.post(users(), { ...(await example()), email: 'third@example.com' });
    const next = (await receiver.arrived('/standard', before + 1)).at(-1);
    for (const token of [String(body['token']), standardToken]) {
      expect(verify(token, next?.headers ?? {}, next?.body ?? '')).toBe(true);
    }
  });
});

it('holds every scope of its kind in the demo clients', async () => {
  const scopes = async (client: Demo['operator']) => {
    const [, claims = ''] = (await requestToken(demo.baseUrl, client)).split('.');
    return String(JSON.parse(Buffer.from(claims, 'base64url').toString()).scope).split(' ');
  };
  const [operator, reseller] = [await scopes(demo.operator), await scopes(demo.reseller)];
  expect(operator).toHaveLength(21);
  expect(operator.filter((scope) => !reseller.includes(scope))).toEqual(['reseller:write', 'operations:read']);
});

function users(): string {
  return `/v3/resellers/${demo.reseller.id}/users`;
}

async function example(): Promise<Json> {
  const { body } = await api.get(`/v3/resellers/${demo.reseller.id}/organizations`);
  const [organization] = body as unknown as [{ id: string }];
  return { ...exampleUser, organizationId: organization.id };
}

async function makeWebhook(path: string, token: string): Promise<void> {
  const url = receiver.url(path);
  const events = ['reseller.user.created'];
  const { status } = await api.post('/v3/webhooks', { name: path, url, token, enabled: true, events });
  expect(status).toBe(201);
}

function expectUser(user: Json): void {
  const organization = user['organization'] as Json;
  expect(Object.keys(user).toSorted()).toEqual(userFields.toSorted());
  expect(Object.keys(organization).toSorted()).toEqual(organizationFields.toSorted());
  expect(Object.keys(organization['address'] as Json).toSorted()).toEqual(addressFields.toSorted());
}
