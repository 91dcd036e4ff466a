import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { readEnv } from '../src/env.ts';

const secret = 'do-not-tell';

test.each([
  [{ SMTP_URL: `smtp://user:${secret}@host?starttls=off` }, 'SMTP_URL (Must not have a user and password without TLS)'],
  [{ SMTP_URL: `http://${secret}` }, 'SMTP_URL (Must be an smtp or smtps URL)'],
  [{ MAIL_FROM: `Foo <${secret}>` }, 'MAIL_FROM (Must be an e-mail address)'],
  [{ PUBLIC_URL: 'https://edge.test/' }, 'PUBLIC_URL (Must not end with a slash)'],
  [{ SIGNING_KEYS: secret }, 'SIGNING_KEYS'],
  [{ EMAILS: undefined, PASSWORD_PEPPER: secret }, 'PASSWORD_PEPPER, EMAILS (Must be bound)'],
])('a wrong setting is named with the reason and without its value: %j', (wrong, problem) => {
  const read = () => readEnv({ ...env, ...wrong });
  expect(read).toThrow(problem);
  expect(read).not.toThrow(secret);
});

test('an empty SMTP_URL is as good as none', () => {
  expect(readEnv({ ...env, SMTP_URL: '' }).smtp).toBeNull();
});

test('mails come from the deployment’s host unless an address is set', () => {
  expect(readEnv({ ...env }).mailFrom).toBe('noreply@edge.test');
  expect(readEnv({ ...env, MAIL_FROM: 'post@acme.example' }).mailFrom).toBe('post@acme.example');
});
