import * as v from 'valibot';
import { beforeAll, expect, test } from 'vitest';
import { expectDeclared } from '../dialects/checks/check.ts';
import { openOwnScene, own, PROVED } from '../support/generators/own-routes.ts';
import { declared, isOperatorOnly, nameOf, openScene, request } from '../support/generators/routes.ts';
import { footprint } from '../support/measures/footprint.ts';
import { muteQueues } from '../support/queues.ts';
import { usedBy, useUp } from './budgets.ts';

beforeAll(muteQueues);

/** What frees space, or takes a secret out of use, is never refused. */
const FREEING = ['rotateWebhookToken'];
const frees = ({ method, id }: { method: string; id: string }) => method === 'DELETE' || FREEING.includes(id);

const tenants = declared.filter(({ route }) => !isOperatorOnly(route.scope));
const named = <T extends (typeof tenants)[number]>(list: readonly T[]) =>
  list.map((one) => [nameOf(one), one] as const);
const writes = tenants.filter(({ route }) => route.method !== 'GET');

const secondsLeft = () => 86_400 - (Math.floor(Date.now() / 1000) % 86_400);

test.each(named(writes.filter(({ route }) => !frees(route))))(
  '%s is refused above the bytes of the day, and writes nothing',
  async (_, one) => {
    const scene = await openScene(one);
    await useUp(scene.reseller, { bytes: 0 });
    const before = await footprint();
    const used = await usedBy(scene.reseller);
    const reply = await request(scene);
    expect(reply.status, reply.text).toBe(429);
    expect(reply.text).toContain("Your tenant's storage budget for today is used up.");
    expect(v.parse(scene.dialect.errorSchema, reply.body)).toEqual(reply.body);
    expect(Math.abs(Number(reply.headers.get('Retry-After')) - secondsLeft())).toBeLessThan(5);
    expect(await footprint()).toEqual(before);
    expect(await usedBy(scene.reseller)).toEqual(used);
  },
);

test.each(named(writes.filter(({ route }) => frees(route))))(
  '%s works above the bytes of the day, and is charged',
  async (_, one) => {
    const scene = await openScene(one);
    await useUp(scene.reseller, { bytes: 0 });
    const { bytes } = await usedBy(scene.reseller);
    expectDeclared(scene, await request(scene));
    const ends = one.route.path.includes('/sessions');
    // The end of a session was paid for when it began.
    if (!ends) expect((await usedBy(scene.reseller)).bytes).toBeGreaterThan(bytes);
  },
);

test.each(named(tenants.filter(({ route }) => route.method === 'GET')))('%s costs no bytes', async (_, one) => {
  const scene = await openScene(one);
  await useUp(scene.reseller, { bytes: 0 });
  const before = await usedBy(scene.reseller);
  expectDeclared(scene, await request(scene));
  expect(await usedBy(scene.reseller)).toEqual(before);
});

test.each(named(writes))('%s of the operator is charged to the tenant and never refused', async (_, one) => {
  if (one.dialect.realm === 'token') return;
  const scene = await openScene(one, true);
  await useUp(scene.reseller, { bytes: 0 });
  expectDeclared(scene, await request(scene));
});

test.each(named(own.filter(({ route }) => !PROVED.includes(route.id))))(
  '%s protects a person and works above the bytes of the day',
  async (_, one) => {
    const scene = await openOwnScene(one);
    await useUp(scene.reseller, { bytes: 0 });
    expectDeclared(scene, await request(scene));
  },
);
