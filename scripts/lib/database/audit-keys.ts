import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { unstable_readConfig } from 'wrangler';
import { publicKeys, type Verifiers, verifiersOf } from '../../../src/auth/tokens/keys.ts';
import { CommandError } from '../command-error.ts';
import { secretFile } from '../deployment/settings.ts';
import { inRoot } from '../root.ts';

type Keys = Parameters<typeof publicKeys>[0];

const TIMEOUT_MS = 20_000;

/** Never from the audited database: JWK Sets at `places`, else the deployment's or `npm start`'s, and AUDIT_KEYS. */
export async function auditKeys(places: readonly string[], local: boolean): Promise<Verifiers> {
  const sets = places.length > 0 ? places.map(readJwks) : [local ? localKeys() : deployedKeys()];
  const keys = (await Promise.all(sets)).flat();
  return verifiersOf(publicKeys(keys)).catch(() => {
    throw new CommandError('The keys to verify by are no public JWKs.');
  });
}

async function readJwks(location: string): Promise<Keys> {
  const text = /^https?:/.test(location) ? fetchText(location) : readFile(location, 'utf8');
  return text
    .then((read) => (JSON.parse(read) as { keys: Keys }).keys.filter(Boolean))
    .catch(() => {
      throw new CommandError(`There is no JWK Set at ${location}.`);
    });
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

async function deployedKeys(): Promise<Keys> {
  const { PUBLIC_URL, AUDIT_KEYS = '[]' } = variables();
  return [...JSON.parse(AUDIT_KEYS), ...(await readJwks(`${PUBLIC_URL}/.well-known/jwks.json`))];
}

async function localKeys(): Promise<Keys> {
  const text = await readFile(inRoot(secretFile), 'utf8').catch(() => '');
  const { SIGNING_KEYS = '[]', AUDIT_KEYS = '[]' } = { ...variables(), ...parseEnv(text) };
  return [...JSON.parse(AUDIT_KEYS), ...JSON.parse(SIGNING_KEYS)];
}

function variables(): Readonly<Record<string, string>> {
  return unstable_readConfig({ config: inRoot('wrangler.toml') }).vars as Record<string, string>;
}
