import { execFileSync } from 'node:child_process';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, isOpen } from './support/ports.ts';
import { exampleUser } from './support/seed.ts';
import {
  npmStart,
  pastedCommands,
  type Run,
  readDemo,
  run,
  startScript,
  startServer,
  stopServer,
} from './support/server.ts';
import { cloneTree } from './support/tree.ts';

const tree = cloneTree();
let port: number;
let server: Run;

beforeAll(async () => {
  port = await freePort();
  server = await startServer(tree, npmStart, port);
});

afterAll(async () => {
  if (server !== undefined) await stopServer(server);
  tree.remove();
});

/** As no `fetch` asks: by any `Host`. */
function ask(path: string, headers: Record<string, string>): Promise<{ status: number | undefined; text: string }> {
  const options = { host: '127.0.0.1', port, path, headers };
  return new Promise((resolve, reject) => {
    const request = get(options, async (response) => {
      resolve({ status: response.statusCode, text: Buffer.concat(await response.toArray()).toString() });
    });
    request.on('error', reject);
  });
}

describe('npm start', () => {
  it('says where the server, the reference and the credentials are', () => {
    expect(server.stdout()).toContain(`http://localhost:${port}\n`);
    expect(server.stdout()).toContain(`http://localhost:${port}/docs\n`);
    expect(server.stdout()).toContain('.demo.json');
    expect(server.stderr()).not.toMatch(/error/i);
  });

  it('writes the demo credentials in their documented form', () => {
    const client = { clientId: expect.any(String), clientSecret: expect.any(String) };
    expect(readDemo(tree)).toStrictEqual({
      baseUrl: `http://localhost:${port}`,
      operator: client,
      reseller: { id: expect.any(String), ...client },
    });
  });

  it('prints three commands that bash runs as they are', () => {
    const [token, create, list] = pastedCommands(server);
    const script = [token, 'echo $TOKEN', create, list].join('\n');
    const output = execFileSync('bash', ['-euo', 'pipefail', '-c', script], { encoding: 'utf8' });
    const [jwt, user = '', users = ''] = output.trim().split('\n');
    expect(jwt).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    const { password, allowCustomerPortalAccess, organizationId, ...shown } = exampleUser;
    expect(JSON.parse(user)).toMatchObject({ ...shown, organization: { name: 'Demo Customer' } });
    expect(JSON.parse(users)).toEqual([JSON.parse(user)]);
  });

  it.each([
    ['/', 'application/json', '{"name":"reseller-edge"'],
    ['/docs', 'text/html', '<!doctype html>'],
    ['/docs/dialects.json', 'application/json', '[{"name":'],
    ['/docs/page.css', 'text/css', ':root'],
    ['/activate', 'text/html', '<!doctype html>'],
    ['/pages/activate.js', 'text/javascript', 'import'],
    ['/pages/texts.ja.json', 'application/json', '{'],
    ['/dev/mail', 'text/html', '<!doctype html>'],
    ['/reseller/openapi.json', 'application/json', '{"openapi":"3.1.0"'],
    ['/docs/start.js', 'text/javascript', 'SwaggerUIBundle('],
    ['/docs/swagger-ui.css', 'text/css', '.swagger-ui'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript', 'SwaggerUIBundle'],
    ['/docs/swagger-ui-standalone-preset.js', 'text/javascript', 'SwaggerUIStandalonePreset'],
    ['/v3/openapi.json', 'application/json', '"openapi":"3.1'],
  ])('serves %s', async (path, type, text) => {
    const response = await fetch(`http://localhost:${port}${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toContain(type);
    expect(await response.text()).toContain(text);
  });

  // DNS rebinding: the browser sends the page's own name as the host, and whatever other headers its script sets.
  it.each([
    ['/cdn-cgi/mail', {}],
    ['/', { 'MF-Original-URL': 'http://localhost/cdn-cgi/mail' }],
    ['/', { 'MF-Original-URL': 'http://localhost/x/%2e%2e/cdn-cgi\\mail' }],
    ['/cdn-cgi/mail', { 'MF-Original-URL': 'http://localhost/' }],
    [
      '/cdn-cgi/mail',
      { 'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': 'localhost', 'MF-Original-Hostname': 'localhost' },
    ],
    ['/', { 'MF-Original-URL': 'http://localhost/cdn-cgi/local/explorer' }],
    ['/', { 'MF-Original-URL': 'http://localhost/cdn-cgi/local/scheduled' }],
  ])('shows no mail to a page of another site that asks for %s with the headers %j', async (path, headers) => {
    const { status, text } = await ask(path, { Host: 'evil.example', ...headers });
    expect([status, text]).toEqual([403, expect.not.stringContaining('mail')]);
  });

  it('answers browsers at / with a page that links to the reference', async () => {
    const response = await fetch(`http://localhost:${port}/`, { headers: { Accept: 'text/html' } });
    expect(await response.text()).toContain('href="/docs"');
  });

  it('refuses a second server on its port in one line, and leaves the first alone', async () => {
    const second = run(tree, startScript, { PORT: String(port) });
    expect(await second.exited).toBe(1);
    expect(second.stderr()).toMatch(/^Port \d+ is taken\. .*\n$/);
    expect(second.stdout()).toBe('');
    expect(await isOpen(port)).toBe(true);
  });
});
