import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as v from 'valibot';
import { beforeAll, expect, test } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import worker from '../../src/index.ts';
import { isScope, SELF } from '../../src/model/clients/scope.ts';
import { RESELLER_ADMIN_SCOPES } from '../../src/model/users/role.ts';
import { send } from '../support/api.ts';
import { nearlyValidFor } from '../support/generators/nearly-valid.ts';
import { openOwnScene, own, PROVED } from '../support/generators/own-routes.ts';
import { type Declared, nameOf, request, type Scene } from '../support/generators/routes.ts';
import { makePlace } from '../support/outside/place.ts';
import { signIn } from '../support/people/signed-in.ts';
import { muteQueues } from '../support/queues.ts';
import { rows } from '../support/world.ts';
import { access } from './checks/access.ts';
import { expectDeclared, expectRefused, factsOf } from './checks/check.ts';
import { input } from './checks/input.ts';

const checks = [...access.slice(0, 3), ...input];
// Any word may be a passkey's id.
const apply = (one: Declared) =>
  checks.filter(
    (check) =>
      check.applies(factsOf(one)) && !(/malformed id/.test(check.guarantee) && /passkeyId/.test(one.route.path)),
  );

beforeAll(muteQueues);

for (const one of own) {
  for (const check of apply(one))
    test(`${nameOf(one)} ${check.guarantee}`, async () => check.run(await openOwnScene(one)));

  test(`${nameOf(one)} is for users only: not for API clients, keys or outside issuers, whatever they may`, async () => {
    const scene = await openOwnScene(one);
    await expectRefused(scene, { kind: 'user_required' }, { token: scene.person.api.token });
    await expectRefused(
      scene,
      { kind: 'user_required' },
      { token: scene.person.api.token, ids: { sessionId: 'x' }, ...(one.route.method === 'GET' ? {} : { body: 'x' }) },
    );
    const { id, secret } = scene.caller.client;
    await expectRefused(scene, { kind: 'token_missing' }, { headers: { Authorization: `ApiKey ${id}.${secret}` } });
    const { status, body: refusal } = await fromOutside(scene);
    expect([status, refusal.code]).toEqual([403, 'USER_REQUIRED']);
  });

  test(`${nameOf(one)} needs no right, and a session that lasts`, async () => {
    const scene = await openOwnScene(one);
    const { token } = await signIn(scene.person.userId, scene.reseller, []);
    if (!PROVED.includes(one.route.id)) expectDeclared(scene, await request(scene, { token }));
    const over = await openOwnScene(one);
    await rows('update sessions set ended_at = 5 where user_id = ?', over.person.userId);
    await expectRefused(over, { kind: 'token_invalid' }, {});
  });

  const { body: schema } = one.route;
  if (schema === undefined) continue;
  test(`${nameOf(one)} answers any body as documented`, { timeout: 120_000 }, async () => {
    const scene = await openOwnScene(one);
    const { body } = await send('GET', `${one.dialect.base}/openapi.json`);
    const path = one.dialect.base + one.route.path.replace(/:(\w+)/g, '{$1}');
    const documented = Object.keys(body.paths[path][one.route.method.toLowerCase()].responses);
    const bodies = fc.oneof({ weight: 18, arbitrary: nearlyValidFor(schema) }, { weight: 1, arbitrary: fc.json() });
    const property = fc.asyncProperty(bodies, async (sent) => {
      await rows('delete from sign_in_attempts');
      const reply = await request(scene, { body: sent });
      expect(documented, `${reply.status} ${reply.text}`).toContain(String(reply.status));
      expect(reply.status).toBeLessThan(500);
      if (reply.status >= 400) v.parse(one.dialect.errorSchema, reply.body);
    });
    await fc.assert(property, { seed: 20_261_122, numRuns: 60 });
  });
}

test('the table holds every operation that is served to users', async () => {
  const all = dialects.flatMap(({ routes }) => routes.filter(({ scope }) => scope === SELF && !isScope(scope)));
  expect(own).toHaveLength(all.length);
  expect(own.length).toBeGreaterThan(10);
});

/** The scene's request by a token of a trusted outside issuer, which says that it may do everything. */
async function fromOutside(scene: Scene) {
  const [place, issuer] = [makePlace(), `https://issuer.example/${crypto.randomUUID()}`];
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'EdDSA' }];
  await place.answer({ body: JSON.stringify({ keys }), headers: { 'content-type': 'application/json' } });
  const [{ id: sid }] = await rows('select id from sessions where id = ?', scene.ids['sessionId']);
  const token = await new SignJWT({ scope: RESELLER_ADMIN_SCOPES.join(' '), reseller_id: scene.reseller, sid })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'one', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience('edge')
    .setSubject('alice')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey);
  const listed = { issuer, jwksUri: place.url, audience: 'edge', resellerClaim: 'reseller_id' };
  const settings = { ...env, TRUSTED_ISSUERS: JSON.stringify([listed]) };
  const { method, path } = scene.route;
  const address = `https://edge.localhost${scene.dialect.base}${path.replace(/:(\w+)/g, (_, name: string) => scene.ids[name] ?? '')}`;
  const headers = { Authorization: `Bearer ${token}` };
  const response = await worker.fetch(
    new Request(address, { method, headers }) as never,
    settings as never,
    createExecutionContext(),
  );
  return { status: response.status, body: (await response.json()) as { code: string } };
}
