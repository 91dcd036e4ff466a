import { beforeAll, expect, test } from 'vitest';
import { planOf, statementsOf, wasteOf } from '../support/measures/plans.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, operator } from '../support/world.ts';

beforeAll(muteQueues);

const FILTERS = ['subject=s', 'actor=a', 'type=t'];
const TIMES = ['occurredAt[gte]=2026-01-01', 'occurredAt[lt]=2026-02-01'];

/** Each of these taken or left. */
const selections = (parts: readonly string[]): string[][] =>
  Array.from({ length: 2 ** parts.length }, (_, taken) => parts.filter((_, index) => (taken >> index) % 2 === 1));

test('the audit log is read by an index, whatever it is searched by, and never sorted', async () => {
  const { id, api } = await makeReseller();
  const [entry] = (await api.get('/v3/audit-log')).body;
  const platform = await operator();
  for (const [caller, more] of [
    [api, []],
    [platform, []],
    [platform, [`resellerId=${id}`]],
  ] as const) {
    for (const parts of selections([...FILTERS, ...TIMES, `after=${entry.id}`, 'sort=-occurredAt'])) {
      const path = `/v3/audit-log?${[...parts, ...more].join('&')}`;
      const statements = await statementsOf(async () => {
        expect((await caller.get(path)).status).toBe(200);
      });
      const [sql, ...others] = [...statements].filter((made) => made.includes('order by event.seq'));
      expect(others).toEqual([]);
      const reading = readingOf(await planOf(sql!));
      const within = caller === api || more.length > 0;
      const bounds = parts.some((part) => /^(after|occurredAt)/.test(part));
      const expected = [expectedFor(parts, within, bounds)];
      // Where a subject has very many rows, the reseller's own are walked.
      if (within && parts.includes('subject=s')) expected.push(expectedFor([], within, bounds));
      expect(reading, path).toEqual([...expected, ...expected].map((walk) => expect.stringMatching(walk)));
      if (!/SCAN event/.test(reading[0]!)) expect(await wasteOf([sql!]), path).toEqual({});
    }
  }
});

/** What walks the log, for the page and for where it ends: not the rows that a page takes of its walk, nor a row by its id. */
function readingOf(plan: readonly string[]): string[] {
  const taken = plan.flatMap((detail, index) =>
    detail === 'CO-ROUTINE event' ? [plan.indexOf('SCAN event', index)] : [],
  );
  return plan.filter(
    (detail, index) =>
      /(SEARCH|SCAN) event\b/.test(detail) && !taken.includes(index) && !/COVERING|\(rowid=\?\)/.test(detail),
  );
}

/** How the log is to be read: by what tells most. All of it, as the operator may, is the table in its own order. */
function expectedFor(parts: readonly string[], within: boolean, bounds: boolean): RegExp {
  const has = (name: string) => parts.some((part) => part.startsWith(`${name}=`));
  const beyond = bounds ? ' AND seq[<>]' : '\\)';
  if (has('subject')) return new RegExp(`^SEARCH event USING INDEX events_by_subject \\(subject=\\?${beyond}`);
  for (const name of ['actor', 'type']) {
    if (!has(name)) continue;
    const key = name === 'actor' ? '<expr>' : name;
    return within
      ? new RegExp(`^SEARCH event USING INDEX events_of_${name} \\(reseller_id=\\? AND ${key}=\\?${beyond}`)
      : new RegExp(`^SEARCH event USING INDEX events_by_${name} \\(${key}=\\?${beyond}`);
  }
  if (within) return new RegExp(`^SEARCH event USING INDEX events_by_reseller \\(reseller_id=\\?${beyond}`);
  return bounds ? /^SEARCH event USING INTEGER PRIMARY KEY \(rowid[<>]/ : /^SCAN event/;
}
