import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { SETTINGS } from '../../../src/settings.ts';
import { inRoot } from '../root.ts';

export const secretFile = '.dev.vars';

export function variables(port: number, environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const overrides = SETTINGS.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { PUBLIC_URL: `http://localhost:${port}`, DEVELOPMENT: 'true', ...Object.fromEntries(overrides) };
}

export async function makeSecrets(): Promise<void> {
  const path = inRoot(secretFile);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const present = parseEnv(text);
  const missing = Object.entries(freshSecrets).filter(([name]) => present[name] === undefined);
  if (missing.length === 0) return;
  const lines = missing.map(([name, make]) => `${name}='${make()}'\n`);
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  await appendFile(path, gap + lines.join(''), { mode: 0o600 });
}

export const freshSecrets: Readonly<Record<string, () => string>> = {
  SIGNING_KEYS: () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return JSON.stringify([{ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'ES256' }]);
  },
  ENCRYPTION_KEYS: () => JSON.stringify([{ id: newKeyId(), key: newKey() }]),
  PASSWORD_PEPPER: () => JSON.stringify([{ id: newKeyId(), pepper: newKey() }]),
};

function newKeyId(): string {
  return randomBytes(4).toString('hex');
}

function newKey(): string {
  return randomBytes(32).toString('base64');
}
