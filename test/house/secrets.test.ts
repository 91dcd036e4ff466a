import { spawnSync } from 'node:child_process';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { settings } from '../../src/settings.ts';

const { SIGNING_KEYS, ENCRYPTION_KEYS, PASSWORD_PEPPER } = settings;
const Secrets = v.strictObject({ SIGNING_KEYS, ENCRYPTION_KEYS, PASSWORD_PEPPER });

function makeSecrets() {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/secrets.ts'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return v.parse(Secrets, JSON.parse(stdout));
}

test('npm run secrets makes what the Worker takes, another one each time', () => {
  const [one, other] = [makeSecrets(), makeSecrets()];
  for (const name of ['ENCRYPTION_KEYS', 'PASSWORD_PEPPER'] as const) {
    expect(one[name]).toHaveLength(1);
    expect(one[name][0].id).not.toBe(other[name][0].id);
    expect(one[name]).not.toEqual(other[name]);
  }
});
