import { beforeAll, expect, test } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import type { DocumentedDialect } from '../../src/http/routes/dialect.ts';
import { useProvider } from '../support/people/google.ts';
import { muteQueues } from '../support/queues.ts';
import { operationsOf } from './dialect-operations.ts';
import { casesOf, fuzz, fuzzTimeoutMs } from './fuzz.ts';
import { JOURNEYS, reachesOf } from './journeys.ts';
import { callersOf, openFuzzScene } from './scene.ts';
import { StandIns } from './stand-ins.ts';

/** What the pages and OAuth's addresses are sent of all cases; the dialects share the rest by their routes. */
export const PAGES_SHARE = 0.2;

const allRoutes = dialects.reduce((sum, { routes }) => sum + routes.length, 0);

/** The test that no request to a dialect, however odd, is answered in a way that its document does not declare. */
export function fuzzDialect(dialect: DocumentedDialect): void {
  const share = (dialect.routes.length / allRoutes) * (1 - PAGES_SHARE);

  const journeys = dialect.name === 'v3' ? JOURNEYS.v3 : {};

  beforeAll(muteQueues);
  beforeAll(() => useProvider());

  test(`whatever ${dialect.name} is asked, it answers as its document declares`, {
    timeout: fuzzTimeoutMs({ share }),
  }, async () => {
    const standIns = new StandIns();
    const operations = await operationsOf(dialect, standIns);
    const open = () => openFuzzScene(dialect);
    const { cases, taken, refused, missed, travelled } = await fuzz({
      name: dialect.name,
      share,
      operations,
      standIns,
      callers: callersOf,
      journeys,
      open,
    });
    expect(cases).toBeGreaterThanOrEqual(casesOf({ share }));
    // Near enough to what is asked for: neither all is refused nor all taken.
    expect(Math.min(taken, refused)).toBeGreaterThan(cases / 10);
    expect(missed).toEqual([]);
    expect([...travelled]).toEqual(expect.arrayContaining(reachesOf(journeys)));
  });
}
