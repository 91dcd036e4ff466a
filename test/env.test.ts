import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { readEnv } from '../src/env.ts';

const secret = 'do-not-tell';
const issuer = 'https://accounts.google.com';
const provider = (wrong: object) => JSON.stringify({ issuer, clientId: secret, clientSecret: secret, ...wrong });
const httpsOnly = 'OIDC_PROVIDER (Must have an https URL as issuer)';
const notBare = 'OIDC_PROVIDER (Must have an issuer without user, query and fragment)';

test.each([
  [{ SMTP_URL: `smtp://user:${secret}@host?starttls=off` }, 'SMTP_URL (Must not have a user and password without TLS)'],
  [{ SMTP_URL: `http://${secret}` }, 'SMTP_URL (Must be an smtp or smtps URL)'],
  [{ MAIL_FROM: `Foo <${secret}>` }, 'MAIL_FROM (Must be an e-mail address)'],
  [{ PUBLIC_URL: 'https://edge.test/' }, 'PUBLIC_URL (Must not end with a slash)'],
  [{ SIGNING_KEYS: secret }, 'SIGNING_KEYS'],
  [{ RATE_LIMIT: secret, RATE_LIMIT_ADDRESS: '0' }, 'RATE_LIMIT, RATE_LIMIT_ADDRESS'],
  [{ RATE_CREDENTIAL: secret }, 'RATE_CREDENTIAL (Must be bound)'],
  [{ OIDC_PROVIDER: secret }, 'OIDC_PROVIDER'],
  [{ OIDC_PROVIDER: provider({ issuer: `http://${secret}.example` }) }, httpsOnly],
  [{ OIDC_PROVIDER: provider({ issuer: `http://localhost/${secret}` }), DEVELOPMENT: 'false' }, httpsOnly],
  [{ OIDC_PROVIDER: provider({ issuer: `https://${secret}.example/?a` }) }, notBare],
  [{ OIDC_PROVIDER: provider({ issuer: `https://${secret}.example/#` }) }, notBare],
  [{ OIDC_PROVIDER: provider({ issuer: `https://${secret}@a.example` }) }, notBare],
  [{ OIDC_PROVIDER: provider({ clientId: '' }) }, 'OIDC_PROVIDER (Must have a client ID)'],
  [{ OIDC_PROVIDER: provider({ clientSecret: '' }) }, 'OIDC_PROVIDER (Must have a client secret)'],
  [{ OIDC_PROVIDER: provider({ name: secret.repeat(9) }) }, 'OIDC_PROVIDER (Must have a name of 1 to 40 characters)'],
  [{ LOG_LEVEL: secret }, 'LOG_LEVEL (Must be error, warn, info)'],
  ...[
    '*',
    'null',
    `${secret}.example`,
    `https://${secret}.example/`,
    `https://${secret}.example:443`,
    `https://${secret}.Example`,
    `https://*.${secret}.example`,
    `ftp://${secret}.example`,
    `https://a.example,,https://${secret}.example`,
    `https://a.example;${secret}`,
    `https://user:${secret}@a.example`,
  ].map((origins): [object, string] => [{ CORS_ORIGINS: origins }, 'CORS_ORIGINS (Must be origins']),
  [{ CORS_ORIGINS: `http://${secret}.example` }, 'CORS_ORIGINS (Must have https origins)'],
  [{ CORS_ORIGINS: 'http://localhost:3000', DEVELOPMENT: 'false' }, 'CORS_ORIGINS (Must have https origins)'],
  [{ EMAILS: undefined, PASSWORD_PEPPER: secret }, 'PASSWORD_PEPPER, EMAILS (Must be bound)'],
])('a wrong setting is named with the reason and without its value: %j', (wrong, problem) => {
  const read = () => readEnv({ ...env, ...wrong });
  expect(read).toThrow(problem);
  expect(read).not.toThrow(secret);
});

test('origins that may call are taken as they are; those on loopback in development', () => {
  expect(readEnv({ ...env, CORS_ORIGINS: '' }).corsOrigins).toEqual(new Set());
  const given = 'https://app.example.com, https://b.example:8443,http://localhost:3000';
  expect([...readEnv({ ...env, CORS_ORIGINS: given }).corsOrigins]).toEqual(given.split(/, */));
});

test('an empty SMTP_URL is as good as none', () => {
  expect(readEnv({ ...env, SMTP_URL: '' }).smtp).toBeNull();
});

test('mails come from the deployment’s host unless an address is set', () => {
  expect(readEnv({ ...env }).mailFrom).toBe('noreply@edge.test');
  expect(readEnv({ ...env, MAIL_FROM: 'post@acme.example' }).mailFrom).toBe('post@acme.example');
});

test('nobody signs in elsewhere unless a provider is set', () => {
  expect(readEnv({ ...env, OIDC_PROVIDER: '' }).oidcProvider).toBeNull();
});

test('a provider is Google unless it is named, and may be on loopback in development', () => {
  expect(readEnv({ ...env, OIDC_PROVIDER: provider({}) }).oidcProvider).toEqual({
    name: 'Google',
    issuer,
    clientId: secret,
    clientSecret: secret,
  });
  for (const local of ['http://localhost:3000', 'http://127.0.0.1:3000/realm', 'http://[::1]/']) {
    const { oidcProvider } = readEnv({ ...env, OIDC_PROVIDER: provider({ issuer: local, name: ' Acme ' }) });
    expect(oidcProvider).toMatchObject({ issuer: local, name: 'Acme' });
  }
});
