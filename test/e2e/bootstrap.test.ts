import { describe, expect, it } from 'vitest';
import { caller, requestToken } from './support/api.ts';
import { serveTree } from './support/served.ts';
import { type Client, type Run, readDemo, run } from './support/server.ts';

const tree = serveTree();

describe('npm run bootstrap', () => {
  it('makes an operator client, which may create resellers', async () => {
    const { baseUrl } = readDemo(tree);
    const api = caller(baseUrl, await requestToken(baseUrl, await bootstrap()));
    const reseller = { name: 'First', email: 'first@example.com', allowedUsers: 1, allowedOrganizations: 1 };
    expect(await api.post('/v3/resellers', reseller)).toMatchObject({ status: 201 });
  });

  it('makes a client of a reseller, which reaches that one only, whatever its name', async () => {
    const { baseUrl, reseller } = readDemo(tree);
    const client = await bootstrap('--reseller', reseller.id, '--name', `it's "quoted"; --`);
    const api = caller(baseUrl, await requestToken(baseUrl, client));
    expect(await api.get(`/v3/resellers/${reseller.id}`)).toMatchObject({ status: 200 });
    expect(await api.post('/v3/resellers', {})).toMatchObject({ status: 403 });
  });

  it('revokes a client, whose token stops working on the next request', async () => {
    const { baseUrl, reseller } = readDemo(tree);
    const client = await bootstrap('--reseller', reseller.id);
    const api = caller(baseUrl, await requestToken(baseUrl, client));
    expect(await api.get(`/v3/resellers/${reseller.id}`)).toMatchObject({ status: 200 });
    const ran = script('--revoke', client.clientId);
    expect(await ran.exited, ran.stderr()).toBe(0);
    expect(await api.get(`/v3/resellers/${reseller.id}`)).toMatchObject({ status: 401 });
    expect(await script('--revoke', client.clientId).exited).toBe(1);
  });

  it('makes a client that may do no more than what it is for', async () => {
    const { baseUrl, reseller } = readDemo(tree);
    const watcher = await bootstrap('--scopes', 'operations:read audit:read');
    const api = caller(baseUrl, await requestToken(baseUrl, watcher));
    expect(await api.get('/v3/operations/jobs')).toMatchObject({ status: 200 });
    expect(await api.get('/v3/audit-log')).toMatchObject({ status: 200 });
    expect(await api.get(`/v3/resellers/${reseller.id}`)).toMatchObject({ status: 403 });

    const reader = await bootstrap('--reseller', reseller.id, '--scopes', 'reseller:read');
    const confined = caller(baseUrl, await requestToken(baseUrl, reader));
    expect(await confined.get(`/v3/resellers/${reseller.id}`)).toMatchObject({ status: 200 });
    expect(await confined.get('/v3/audit-log')).toMatchObject({ status: 403 });
  });

  it.each([
    ['the operator', [], 'audit:read nosuch audit:all', 'nosuch, audit:all'],
    ['a reseller', ['--reseller', '01900000-0000-7000-8000-000000000000'], 'operations:read', 'operations:read'],
  ])('names the scopes that a client of %s cannot have', async (whose, options, scopes, wrong) => {
    const ran = script(...options, '--scopes', scopes);
    expect(await ran.exited).toBe(1);
    expect(ran.stderr()).toMatch(
      new RegExp(`^A client of ${whose} cannot have ${wrong}; it can have reseller:read, .+\\.\n$`),
    );
    expect(ran.stdout()).toBe('');
  });

  it('leaves the entry in the audit log that the API would leave', async () => {
    const { baseUrl, operator, reseller } = readDemo(tree);
    const { clientId } = await bootstrap('--reseller', reseller.id, '--name', 'Noted');
    expect(await script('--revoke', clientId).exited).toBe(0);
    const api = caller(baseUrl, await requestToken(baseUrl, operator));
    const { body: log } = await api.get(`/v3/audit-log?subject=${clientId}`);
    const client = { id: clientId, name: 'Noted', scopes: expect.arrayContaining(['reseller:read', 'webhook:write']) };
    expect(log).toMatchObject([
      { type: 'client.created', actor: 'system:bootstrap', before: null, after: client },
      { type: 'client.revoked', actor: 'system:bootstrap', before: client, after: null },
    ]);
  });

  it('makes none for a reseller that is not there', async () => {
    const ran = script('--reseller', '01900000-0000-7000-8000-000000000000');
    expect(await ran.exited).toBe(1);
    expect(ran.stderr()).toBe('There is no reseller 01900000-0000-7000-8000-000000000000.\n');
    expect(ran.stdout()).toBe('');
  });
});

async function bootstrap(...args: string[]): Promise<Client> {
  const ran = script(...args);
  expect(await ran.exited, ran.stderr()).toBe(0);
  const [clientId = '', clientSecret = ''] = [...ran.stdout().matchAll(/client (?:id|secret) +(\S+)/g)].map(
    ([, word]) => word ?? '',
  );
  return { clientId, clientSecret };
}

function script(...args: string[]): Run {
  return run(tree, ['node_modules/.bin/node', 'scripts/bootstrap.ts', '--local', ...args], {});
}
