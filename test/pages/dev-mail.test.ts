import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { storeDevEmail } from '../../src/emails/transports/dev-mailbox.ts';
import { readEnv } from '../../src/env.ts';
import { openRequestContext } from '../../src/http/request-context.ts';
import { respond } from '../../src/respond.ts';
import { send } from '../support/api.ts';
import { makeInvited } from '../support/people/invited.ts';

const mail = {
  id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b34',
  from: { name: 'Acme & Co', email: 'noreply@edge.localhost' },
  to: 'jane@example.com',
  replyTo: null,
  unsubscribe: null,
  subject: 'Wel<come>',
  text: 'A <text>',
  html: '<p style="color:red">Hello</p>',
};

const pages = ['/cdn-cgi/mail', `/cdn-cgi/mail/${mail.id}`, `/cdn-cgi/mail/${mail.id}/html`];

test('a development server shows the mails that it sent', async () => {
  storeDevEmail(readEnv(env), mail);
  for (const path of pages) {
    const reply = await send('GET', path);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(reply.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  }
  const { text } = await send('GET', pages[1]!);
  expect(text).toContain('Wel&lt;come&gt;');
  expect(text).toContain('A &lt;text&gt;');
  expect(text).toContain('Acme &amp; Co');
  const html = await send('GET', pages[2]!);
  expect(html.text).toBe(mail.html);
  expect(html.headers.get('Content-Security-Policy')).toContain('sandbox');
});

test('the addresses below /dev/ lead to the pages', async () => {
  for (const path of pages) {
    const [{ text }, shown] = [await send('GET', path.replace('/cdn-cgi/', '/dev/')), await send('GET', path)];
    expect(text).toBe(shown.text);
  }
});

test('a mail that was sent before a restart is listed with a word on why it cannot be read', async () => {
  const invited = await makeInvited();
  const listed = async () => {
    const { text } = await send('GET', '/cdn-cgi/mail');
    return text.split('<tr>').find((row) => row.includes(invited.email));
  };
  const messages = await invited.relay();
  expect(await listed()).not.toContain('not kept');
  await invited.deliver(messages);
  expect(await listed()).toContain('activation (en) (not kept over a restart)');
});

test('a deployed Worker keeps no mail and has nothing at these addresses, whatever the method', async () => {
  const deployed = { ...env, DEVELOPMENT: 'false' };
  storeDevEmail(readEnv(deployed), mail);
  await expectNowhere(deployed, 'https://edge.localhost');
});

// DNS rebinding: a page of evil.example, whose name now leads to this machine, reads what is of its own origin.
test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.1.7', 'evil.example:8787'])(
  'a development server has nothing at these addresses for a page of %s',
  async (host) => {
    storeDevEmail(readEnv(env), mail);
    await expectNowhere(env, `http://${host}`);
  },
);

test.each(['localhost:8787', '127.0.0.1:8787', '[::1]:8787'])('a developer reads them at %s', async (host) => {
  storeDevEmail(readEnv(env), mail);
  for (const path of pages) expect((await fetchFrom(env, `http://${host}${path}`, 'GET')).status).toBe(200);
});

function fetchFrom(settings: object, url: string, method: string): Promise<Response> {
  const request = new Request(url, { method, headers: { 'X-Request-Id': 'x' } });
  const given = {
    now: Date.now(),
    clock: Date.now,
    newId: () => crypto.randomUUID(),
    runAfterCommit: () => {},
    waitUntil: () => {},
  };
  return respond(openRequestContext(readEnv(settings), request, given));
}

/** The answers are those of an address that is not there. */
async function expectNowhere(settings: object, origin: string): Promise<void> {
  for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE']) {
    const nowhere = await fetchFrom(settings, `${origin}/nothing/here`, method);
    for (const path of pages) {
      const reply = await fetchFrom(settings, `${origin}${path}`, method);
      expect([reply.status, await reply.text()]).toEqual([404, await nowhere.clone().text()]);
    }
  }
}

test('a deployment is no development server unless somebody says so', () => {
  expect(env.CONFIG.vars).not.toHaveProperty('DEVELOPMENT');
  const { DEVELOPMENT: _, ...unset } = env;
  expect(readEnv(unset).development).toBe(false);
});
