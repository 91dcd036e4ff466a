import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { readEnv } from '../src/env.ts';

const secret = 'do-not-tell';
const issuer = 'https://accounts.google.com';
const provider = (wrong: object) => JSON.stringify({ issuer, clientId: secret, clientSecret: secret, ...wrong });
const httpsOnly = 'OIDC_PROVIDER (Must have an https URL as issuer)';
const jwks = 'Must be a JSON list of private JWKs with a kid and ES256 or RS256 as alg';
const peppers = (...wrong: readonly object[]) =>
  JSON.stringify(wrong.map((fields) => ({ id: 'a', pepper: secret.repeat(3), ...fields })));
const ports = 'Must be ports from 1 to 65535 separated by commas';
const issuers = 'Must be a JSON list of {"issuer", "jwksUri", "audience"}';
const trusted = (...wrong: readonly object[]) => ({
  TRUSTED_ISSUERS: JSON.stringify(
    wrong.map((fields) => ({
      issuer: `https://${secret}.example`,
      jwksUri: `https://${secret}.example/keys`,
      audience: secret,
      resellerClaim: secret,
      ...fields,
    })),
  ),
});
const oneReach = 'TRUSTED_ISSUERS (Must have either a resellerClaim or "operator": true)';
const httpsIssuers = 'TRUSTED_ISSUERS (Must have https URLs as issuer and jwksUri)';
const oidc = 'Must be a JSON object {"issuer", "clientId", "clientSecret"}';
const cors = 'Must be origins as browsers send them, such as https://app.example.com';
const notBare = 'OIDC_PROVIDER (Must have an issuer without user, query and fragment)';

test.each([
  [{ SMTP_URL: `smtp://user:${secret}@host?starttls=off` }, 'SMTP_URL (Must not have a user and password without TLS)'],
  [{ SMTP_URL: `http://${secret}` }, 'SMTP_URL (Must be an smtp or smtps URL)'],
  [{ MAIL_FROM: `Foo <${secret}>` }, 'MAIL_FROM (Must be an e-mail address)'],
  [{ OPERATOR_NAME: secret.repeat(10) }, 'OPERATOR_NAME (Must be a name of at most 100 characters)'],
  [{ PUBLIC_URL: 'https://edge.localhost/' }, 'PUBLIC_URL (Must not end with a slash)'],
  [{ PUBLIC_URL: secret }, 'PUBLIC_URL (Must be a URL such as https://api.example.com)'],
  [{ SIGNING_KEYS: secret }, `SIGNING_KEYS (${jwks})`],
  [{ SIGNING_KEYS: '[]' }, `SIGNING_KEYS (${jwks})`],
  [{ SIGNING_KEYS: JSON.stringify([{ kid: secret, kty: 'RSA', alg: secret, d: secret }]) }, `SIGNING_KEYS (${jwks})`],
  [
    { ENCRYPTION_KEYS: JSON.stringify({ id: 'a', key: secret }) },
    'ENCRYPTION_KEYS (Must be a JSON list of {"id", "key"})',
  ],
  [
    { ENCRYPTION_KEYS: JSON.stringify([{ id: 'a', key: secret }]) },
    'ENCRYPTION_KEYS (Must have keys of 32 bytes in base64)',
  ],
  [
    { ENCRYPTION_KEYS: JSON.stringify(['a', 'a'].map((id) => ({ id, key: Buffer.alloc(32).toString('base64') }))) },
    'ENCRYPTION_KEYS (Must have each id once)',
  ],
  ...[secret, '[]', JSON.stringify(secret.repeat(3)), peppers({ id: '' }), peppers({ id: 'a$b' })].map(
    (wrong): [object, string] => [
      { PASSWORD_PEPPER: wrong },
      'PASSWORD_PEPPER (Must be a JSON list of {"id", "pepper"})',
    ],
  ),
  [{ PASSWORD_PEPPER: peppers({ pepper: secret }) }, 'PASSWORD_PEPPER (Must have peppers of 32 characters or more)'],
  [{ PASSWORD_PEPPER: peppers({}, {}) }, 'PASSWORD_PEPPER (Must have each id once)'],
  [{ RATE_LIMIT: secret }, 'RATE_LIMIT (Must be a whole number from 1 on)'],
  [{ RATE_LIMIT_ADDRESS: '0' }, 'RATE_LIMIT_ADDRESS (Must be a whole number from 1 on)'],
  [{ TOKEN_OVERLAP_HOURS: '999' }, 'TOKEN_OVERLAP_HOURS (Must be a whole number from 0 to 168)'],
  [{ SESSION_IDLE_DAYS: '31' }, 'SESSION_IDLE_DAYS (Must be a whole number from 1 to 30)'],
  [{ BROWSER_IDLE_MINUTES: '9' }, 'BROWSER_IDLE_MINUTES (Must be a whole number from 10 to 720)'],
  [{ WEBHOOK_PORTS: `80,${secret}` }, `WEBHOOK_PORTS (${ports})`],
  [{ WEBHOOK_PORTS: '65536' }, `WEBHOOK_PORTS (${ports})`],
  [{ BLOCKED_HOSTS: `a b ${secret}` }, 'BLOCKED_HOSTS (Must be host names separated by commas)'],
  [{ DEVELOPMENT: secret }, 'DEVELOPMENT (Must be true or false)'],
  [{ TRUSTED_ISSUERS: secret }, `TRUSTED_ISSUERS (${issuers})`],
  ...[
    { audience: '' },
    { max_age_seconds: 60 },
    { audience: undefined },
    { resellerClaim: '' },
    { resellerClaim: undefined, operator: false },
    ...[0, -1, 1.5, '60', null].map((maxAgeSeconds) => ({ maxAgeSeconds })),
  ].map((wrong): [object, string] => [trusted(wrong), `TRUSTED_ISSUERS (${issuers})`]),
  [trusted({ resellerClaim: undefined }), oneReach],
  [trusted({ operator: true }), oneReach],
  [trusted({ issuer: secret }), httpsIssuers],
  [trusted({ jwksUri: secret }), httpsIssuers],
  [trusted({ issuer: `http://${secret}.example` }), httpsIssuers],
  [trusted({ jwksUri: `http://${secret}.example/keys` }), httpsIssuers],
  [{ ...trusted({ jwksUri: `http://localhost/${secret}` }), DEVELOPMENT: 'false' }, httpsIssuers],
  [trusted({}, { jwksUri: `https://other.${secret}.example` }), 'TRUSTED_ISSUERS (Must have each issuer once)'],
  [trusted({}, { issuer: `https://${secret}.EXAMPLE/` }), 'TRUSTED_ISSUERS (Must have each issuer once)'],
  [trusted({ issuer: env.PUBLIC_URL }), 'TRUSTED_ISSUERS (Must not have PUBLIC_URL as issuer)'],
  [trusted({ issuer: `${env.PUBLIC_URL}/` }), 'TRUSTED_ISSUERS (Must not have PUBLIC_URL as issuer)'],
  [{ RATE_CREDENTIAL: secret }, 'RATE_CREDENTIAL (Must be bound)'],
  [{ OIDC_PROVIDER: secret }, `OIDC_PROVIDER (${oidc})`],
  [{ OIDC_PROVIDER: JSON.stringify({ issuer }) }, `OIDC_PROVIDER (${oidc})`],
  [{ OIDC_PROVIDER: provider({ issuer: secret }) }, httpsOnly],
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
  ].map((origins): [object, string] => [{ CORS_ORIGINS: origins }, `CORS_ORIGINS (${cors})`]),
  [{ CORS_ORIGINS: `http://${secret}.example` }, 'CORS_ORIGINS (Must have https origins)'],
  [{ CORS_ORIGINS: 'http://localhost:3000', DEVELOPMENT: 'false' }, 'CORS_ORIGINS (Must have https origins)'],
  [
    { EMAILS: undefined, PASSWORD_PEPPER: secret },
    'PASSWORD_PEPPER (Must be a JSON list of {"id", "pepper"}), EMAILS (Must be bound)',
  ],
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
  expect(readEnv({ ...env }).mailFrom).toBe('noreply@edge.localhost');
  expect(readEnv({ ...env, MAIL_FROM: 'post@acme.example' }).mailFrom).toBe('post@acme.example');
  expect(readEnv({ ...env }).operatorName).toBe('edge.localhost');
  expect(readEnv({ ...env, OPERATOR_NAME: ' Edge Hosting ' }).operatorName).toBe('Edge Hosting');
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
    domains: [],
  });
  const { oidcProvider } = readEnv({ ...env, OIDC_PROVIDER: provider({ domains: ['Corp.example'] }) });
  expect(oidcProvider).toMatchObject({ domains: ['corp.example'] });
  for (const local of ['http://localhost:3000', 'http://127.0.0.1:3000/realm', 'http://[::1]/']) {
    const { oidcProvider } = readEnv({ ...env, OIDC_PROVIDER: provider({ issuer: local, name: ' Acme ' }) });
    expect(oidcProvider).toMatchObject({ issuer: local, name: 'Acme' });
  }
});
