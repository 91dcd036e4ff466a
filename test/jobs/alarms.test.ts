import { expect, test } from 'vitest';
import readme from '../../README.md?raw';
import { readMetrics } from '../support/measures/prometheus.ts';
import { makeInvited } from '../support/people/invited.ts';
import { muteQueues } from '../support/queues.ts';

const operations = /^## Operations\n(.*?)^## /ms.exec(readme)?.[1] ?? '';
const alarms = [...operations.matchAll(/^\| [\w ]+ \| `([^`]+)`(?: for \d+ min)? \| .+ \| .+ \|$/gm)].map(
  ([, query]) => query ?? '',
);
/** A metric that is named, with the conditions on its labels. */
const NAMED = /\breseller_edge_\w+(?:\{([^}]*)\})?/g;
const CONDITION = /^(\w+)=~?"([^"]*)"$/;

test('the README has alarms', () => {
  expect(alarms.length).toBeGreaterThan(10);
});

test('every metric of the README, and every label and value that an alarm looks for, is among those that are read', async () => {
  muteQueues();
  await makeInvited();
  await readMetrics();
  const { families } = await readMetrics();
  const samples = [...families.values()].flatMap((family) => family.samples);
  const names = new Set([...families.keys(), ...samples.map(({ name }) => name)]);
  for (const [whole, conditions = ''] of operations.matchAll(NAMED)) {
    const [name = ''] = whole.split('{');
    expect(names).toContain(name);
    for (const condition of conditions.split(',').filter(Boolean)) {
      const [, label = '', wanted = ''] = CONDITION.exec(condition) ?? [];
      const values = new Set(samples.filter((sample) => sample.name === name).map(({ labels }) => labels[label]));
      expect(values, condition).not.toEqual(new Set([undefined]));
      // Statuses are whatever has been answered.
      if (label === 'status') continue;
      expect(values, condition).toContain(wanted);
    }
  }
});

test('every metric has a line in the README', async () => {
  const { families } = await readMetrics();
  for (const name of families.keys()) expect(operations).toContain(`\`${name}\``);
});
