import { beforeEach, expect, test, vi } from 'vitest';
import { login, makePerson, PASSWORD } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { newOrganization, rows, unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const SAMPLES = 60;
/** Half of all pairs would be told apart by a coin; from here on, by more than a little. */
const EFFECT_MAX = 0.35;
const MEDIAN_MAX = 0.15;

/** One kind after the other, round after round, so that whatever slows the machine down slows all of them down. */
async function sample(kinds: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, number[]>> {
  const taken: Record<string, number[]> = {};
  for (let round = 0; round < SAMPLES; round++) {
    const names = Object.keys(kinds);
    for (const name of round % 2 === 0 ? names : names.reverse()) {
      const start = performance.now();
      await kinds[name]!();
      taken[name] = [...(taken[name] ?? []), performance.now() - start];
    }
  }
  return taken;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Cliff's delta: by how much more often one of these takes longer than one of those, than the other way round. */
function effect(these: readonly number[], those: readonly number[]): number {
  const signs = these.flatMap((a) => those.map((b) => Math.sign(a - b)));
  return Math.abs(signs.reduce((sum, sign) => sum + sign, 0) / signs.length);
}

test('whether somebody is unknown, may not be in or typed the wrong password takes the same time', {
  timeout: 120_000,
}, async () => {
  const person = await makePerson();
  const { body: organization } = await person.api.post(`${person.base}/organizations`, newOrganization());
  const closed = await makePerson({ organizationId: organization.id, allowCustomerPortalAccess: false }, person);
  const invited = await makePerson({}, person);
  await rows('update users set password_hash = null, verified_at = null where id = ?', invited.userId);
  const attempt = (credentials: object) => async () => {
    expect((await login(credentials)).status).toBe(400);
    await rows('delete from sign_in_attempts');
  };
  const taken = await sample({
    unknown: attempt({ ...person.credentials, email: `${unique('nobody')}@example.com` }),
    'wrong password': attempt({ ...person.credentials, password: 'wrong' }),
    'may not be in': attempt({ ...closed.credentials, password: PASSWORD }),
    'without a password': attempt({ ...invited.credentials, password: PASSWORD }),
  });
  const kinds = Object.entries(taken);
  const seen = kinds.map(([name, values]) => `${name} ${median(values).toFixed(1)} ms`).join(', ');
  for (const [one, these] of kinds) {
    for (const [other, those] of kinds) {
      const apart = Math.abs(median(these) / median(those) - 1);
      // Of two that differ by chance in one way, it is rarely in both.
      const told = apart > MEDIAN_MAX && effect(these, those) > EFFECT_MAX;
      expect(told, `${one} and ${other} can be told apart: ${seen}`).toBe(false);
    }
  }
});
