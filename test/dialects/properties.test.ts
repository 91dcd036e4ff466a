import fc from 'fast-check';
import * as v from 'valibot';
import { beforeAll, expect, test } from 'vitest';
import { type Json, type Reply, send } from '../support/api.ts';
import { addressesIn, type Given, validFor } from '../support/generators/arbitrary.ts';
import { contentOf, type Fields, idIn, isPatch, presetsOf } from '../support/generators/bodies.ts';
import { nearlyPatches } from '../support/generators/nearly-patches.ts';
import { nearlyValidFor } from '../support/generators/nearly-valid.ts';
import {
  type Declared,
  declared,
  lookUp,
  nameOf,
  openScene,
  referencesOf,
  renew,
  request,
  type Scene,
  type View,
  viewOf,
} from '../support/generators/routes.ts';
import { footprint } from '../support/measures/footprint.ts';
import { muteQueues } from '../support/queues.ts';
import { unique } from '../support/world.ts';

/** Chosen once; a failure names it, with the path to the failing body, to be given to `fc.check` as `{ seed, path }`. */
const SEED = 20_260_728;
const BODIES = 3000;
const VALID_BODIES = 300;
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
    const near = { weight: 18, arbitrary: nearBodies(scene, schema) };
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

  // What a patch may do depends on what it is about.
  if (isPatch(one.route)) continue;
  test(`${nameOf(one)} takes every valid body, and shows it as it was sent`, { timeout: TIMEOUT_MS }, async () => {
    const scene = await openScene(one);
    const presets = presetsOf(schema);
    const property = fc.asyncProperty(validFor(schema, givenBy(scene)), async (value) => {
      const sent = apart(value as Record<string, unknown>, addressesIn(schema));
      await renew(scene);
      // What a PUT says of nothing stays (contracts: reseller).
      const before = one.route.method === 'PUT' ? { ...(await shownNow(scene)), ...presets } : undefined;
      const reply = await request(scene, { body: JSON.stringify(sent) });
      expect(reply, reply.text).toMatchObject({ status: one.route.returns[0] });
      const kept = await expectKept(scene, reply);
      expectShown({ ...kept, ...toldBy(scene, reply) }, sent, before);
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

function nearBodies(scene: Scene, schema: v.GenericSchema): fc.Arbitrary<string> {
  return isPatch(scene.route) ? nearlyPatches(scene.body as Fields[]) : nearlyValidFor(schema, givenBy(scene));
}

/** References lead to what exists, or nowhere. */
function givenBy({ dialect, route, ids }: Scene): Given {
  const known = referencesOf(dialect, route).map((name) => [name, fc.constantFrom(ids[name], null)]);
  return Object.fromEntries(known);
}

/**
 * A success as declared, which a GET shows again where it changed anything, but for what is shown only once. Gives what
 * the GET shows.
 */
async function expectKept(scene: Scene, reply: Reply): Promise<Json> {
  const [status, schema] = scene.route.returns;
  expect(reply.status).toBe(status);
  if (schema === undefined) expect(reply.text).toBe('');
  else expect(v.parse(schema, reply.body)).toEqual(reply.body);
  const view = viewOf(scene.dialect, scene.route);
  if (view === undefined) return expect(scene.route.raises, 'a change that nothing shows').toBeUndefined();
  const told = toldBy(scene, reply);
  const kept = await shownBy(scene, view, idIn(told, view.parameter));
  expect(told).toMatchObject(Object.fromEntries(Object.entries(kept).filter(([name]) => name in told)));
  return kept;
}

/** What a reply says of the thing that the request was about. */
function toldBy({ dialect, route }: Scene, { body }: Reply): Fields {
  return (contentOf(dialect, route, body) as Fields | null) ?? {};
}

/** What the scene's request is about, as it is shown at this moment. */
async function shownNow(scene: Scene): Promise<Json> {
  const view = viewOf(scene.dialect, scene.route);
  return view && shownBy(scene, view);
}

async function shownBy(scene: Scene, view: View, id = scene.ids[view.parameter] ?? ''): Promise<Json> {
  const shown = await lookUp(scene, view, id);
  expect(Object.keys(shown ?? {}).length, 'fields that are shown').toBeGreaterThan(0);
  return shown;
}

/** What a new thing shows where null was sent. */
const UNSAID = [null, '', false];

/** Whatever is shown of what was sent is as it was sent; null is shown as null, or stands for what was there `before`. */
function expectShown(shown: Json, sent: Json, before: Json): void {
  for (const [name, value] of Object.entries<Json>(sent)) {
    if (!Object.hasOwn(shown, name)) continue;
    const given = shown[name];
    if (value === null && before !== undefined) expect(given, name).toEqual(before[name]);
    else if (value === null) expect(typeof given === 'object' ? null : given, name).toBeOneOf(UNSAID);
    else if (typeof value === 'object' && !Array.isArray(value)) expectShown(given, value, before?.[name]);
    else expect(given, name).toEqual(value);
  }
}

/** The body with a name and addresses that nobody else has. */
function apart(body: Record<string, unknown>, addresses: readonly string[]): Record<string, unknown> {
  const { name } = body;
  const given = addresses.filter((field) => typeof body[field] === 'string');
  return {
    ...body,
    ...(typeof name === 'string' && { name: `${[...name].slice(0, 40).join('')}${unique('')}` }),
    ...Object.fromEntries(given.map((field) => [field, String(body[field]).replace('@', `${unique('')}@`)])),
  };
}
