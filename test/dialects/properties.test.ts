import fc from 'fast-check';
import * as v from 'valibot';
import { beforeAll, expect, test } from 'vitest';
import { type Reply, send } from '../support/api.ts';
import { type Given, validFor } from '../support/arbitrary.ts';
import { footprint } from '../support/footprint.ts';
import { nearlyValidFor } from '../support/nearly-valid.ts';
import { muteQueues } from '../support/queues.ts';
import {
  type Declared,
  declared,
  idIn,
  lastParameterOf,
  nameOf,
  openScene,
  referencesOf,
  renew,
  request,
  type Scene,
  viewOf,
} from '../support/routes.ts';
import { unique } from '../support/world.ts';

/** Chosen once; a failure names it, with the path to the failing body, to be given to `fc.check` as `{ seed, path }`. */
const SEED = 20_260_728;
const BODIES = 2000;
const VALID_BODIES = 200;
const TIMEOUT_MS = 120_000;

const writes = declared.flatMap(({ dialect, route }) =>
  route.body === undefined ? [] : [{ dialect, route, schema: route.body }],
);
const share = (total: number) => Math.ceil(total / writes.length);

beforeAll(muteQueues);

for (const [index, { schema, ...one }] of writes.entries()) {
  // Else two dialects would send the same names and addresses.
  const seed = SEED + index;
  const declaredStatuses = statusesOf(one);

  test(`${nameOf(one)} answers any body as documented, and a refusal leaves nothing behind`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const scene = await openScene(one);
    const statuses = await declaredStatuses();
    const taken = { yes: 0, no: 0 };
    const near = { weight: 18, arbitrary: nearlyValidFor(schema, givenBy(scene)) };
    const bodies = fc.oneof(near, { weight: 1, arbitrary: fc.json() }, { weight: 1, arbitrary: fc.string() });
    const property = fc.asyncProperty(bodies, async (body) => {
      await renew(scene);
      const before = await footprint();
      const reply = await request(scene, { body });
      expect(statuses, `${reply.status} ${reply.text}`).toContain(String(reply.status));
      expect(reply.status).toBeLessThan(500);
      if (reply.status >= 400) {
        v.parse(one.dialect.errorSchema, reply.body);
        expect(await footprint()).toEqual(before);
        taken.no += 1;
      } else {
        await expectKept(scene, reply);
        taken.yes += 1;
      }
    });
    await assertHolds(property, seed, BODIES);
    // Neither all good nor all bad: the bodies are near enough to what is asked for.
    expect(Math.min(taken.yes, taken.no), JSON.stringify(taken)).toBeGreaterThan(share(BODIES) / 20);
  });

  test(`${nameOf(one)} takes every valid body, and shows it as it was sent`, { timeout: TIMEOUT_MS }, async () => {
    const scene = await openScene(one);
    const property = fc.asyncProperty(validFor(schema, givenBy(scene)), async (value) => {
      const sent = apart(value as Record<string, unknown>);
      await renew(scene);
      const reply = await request(scene, { body: JSON.stringify(sent) });
      expect(reply, reply.text).toMatchObject({ status: one.route.returns[0] });
      await expectKept(scene, reply);
      const shown = Object.fromEntries(Object.entries(sent).filter(([name]) => name in reply.body));
      expect(reply.body).toMatchObject(shown);
    });
    await assertHolds(property, seed, VALID_BODIES);
  });
}

async function assertHolds<T>(property: fc.IAsyncProperty<T>, seed: number, bodies: number): Promise<void> {
  const result = await fc.check(property, { seed, numRuns: share(bodies), includeErrorInReport: true });
  // The runner cannot carry half a surrogate pair to the report.
  if (result.failed) throw new Error((await fc.asyncDefaultReportMessage(result))?.toWellFormed());
  expect(result.numRuns).toBe(share(bodies));
}

function statusesOf({ dialect, route }: Declared) {
  return async (): Promise<string[]> => {
    const { body } = await send('GET', `${dialect.base}/openapi.json`);
    const path = `${dialect.base}${route.path}`.replace(/:(\w+)/g, '{$1}');
    return Object.keys(body.paths[path][route.method.toLowerCase()].responses);
  };
}

/** References lead to what exists, or nowhere. */
function givenBy({ dialect, route, ids }: Scene): Given {
  const known = referencesOf(dialect, route).map((name) => [name, fc.constantFrom(ids[name], null)]);
  return Object.fromEntries(known);
}

/** A success as declared, which a GET shows again where it changed anything, but for what is shown only once. */
async function expectKept(scene: Scene, reply: Reply): Promise<void> {
  const [status, schema] = scene.route.returns;
  expect(reply.status).toBe(status);
  if (schema !== undefined) expect(v.parse(schema, reply.body)).toEqual(reply.body);
  const view = viewOf(scene.dialect, scene.route);
  if (view === undefined) return expect(scene.route.raises, 'a change that nothing shows').toBeUndefined();
  const ids = { [lastParameterOf(view.path)]: idIn(reply.body) };
  const { body: kept } = await request({ ...scene, route: view, body: undefined }, { ids });
  expect(Object.keys(kept).length).toBeGreaterThan(3);
  expect(reply.body).toMatchObject(kept);
}

/** The body with a name and an address that nobody else has. */
function apart(body: Record<string, unknown>): Record<string, unknown> {
  const { name, email } = body;
  return {
    ...body,
    ...(typeof name === 'string' && { name: `${[...name].slice(0, 100).join('')}${unique('')}` }),
    ...(typeof email === 'string' && { email: email.replace('@', `${unique('')}@`) }),
  };
}
