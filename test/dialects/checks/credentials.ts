import { env } from 'cloudflare:workers';
import type { Failure } from '../../../src/model/failure.ts';
import { type Changes, openScene, parametersOf, request, type Scene } from '../../support/generators/routes.ts';
import { type Client, tokenOf, unique } from '../../support/world.ts';
import { INVALID_TOKEN, MISSING, others, withheld } from './access.ts';
import { type Check, expectDeclared, expectRefused } from './check.ts';

const NO_REALM: Failure = { kind: 'realm_missing' };

/** Where the caller's credential says more than that it may, or comes in another form. */
export const credentials: readonly Check[] = [
  {
    guarantee: 'refuses the operator, who has no realm, before it looks at the scope, the address and the body',
    applies: ({ realm }) => realm === 'token',
    refusals: [NO_REALM],
    run: async (declared) => {
      const scene = await openScene(declared, true);
      const [parameter] = parametersOf(scene.route.path);
      const bodies = scene.route.body === undefined ? [] : ['not JSON', new Uint8Array(65 * 1024)];
      const narrower = await tokenOf(scene.caller.client, others(scene).join(' '));
      const worse: Changes[] = [
        {},
        { token: narrower },
        ...(parameter === undefined ? [] : [{ ids: { [parameter]: 'x' } }]),
        ...bodies.map((body) => ({ body })),
        { query: '?unheardOf=1' },
        ...(declared.dialect.security.includes('apiKey') ? [{ headers: keyOf(scene.caller.client) }] : []),
      ];
      for (const changes of worse) await expectRefused(scene, NO_REALM, changes);
    },
  },
  {
    guarantee: 'takes the key of an API client, however the scheme is written',
    applies: ({ keyed }) => keyed,
    run: async (scene) => {
      const { id, secret } = scene.caller.client;
      const [first, second] = [await openScene(scene), scene];
      expectDeclared(first, await request(first, { headers: keyOf(first.caller.client) }));
      expectDeclared(second, await request(second, { headers: { Authorization: `apikey  ${id}.${secret}` } }));
    },
  },
  {
    guarantee: 'refuses a key that is none, or not quite one',
    applies: ({ keyed }) => keyed,
    refusals: [MISSING, INVALID_TOKEN],
    run: async (scene) => {
      const { id, secret } = scene.caller.client;
      for (const key of [
        'x',
        '.',
        `${id}`,
        `${id}.`,
        `.${secret}`,
        `${id}.${secret}.`,
        `.${id}.${secret}`,
        `${id}..${secret}`,
        `${id}.${secret}.${secret}`,
        `${id}.${secret.toUpperCase()}`,
        `${id.toUpperCase()}.${secret}`,
        `${secret}.${id}`,
        `${id}.wrong`,
        `${crypto.randomUUID()}.${secret}`,
        `${id}:${secret}`,
        btoa(`${id}.${secret}`),
        scene.caller.token,
      ])
        await expectRefused(scene, INVALID_TOKEN, { headers: { Authorization: `ApiKey ${key}` } });
      for (const none of ['ApiKey', 'ApiKey ', `ApiKey${id}.${secret}`, `ApiKey ${id}. ${secret}`, `${id}.${secret}`])
        await expectRefused(scene, MISSING, { headers: { Authorization: none } });
      await expectRefused(scene, INVALID_TOKEN, { headers: { Authorization: `Bearer ${id}.${secret}` } });
    },
  },
  {
    guarantee: 'refuses a key without its scope',
    applies: ({ keyed }) => keyed,
    run: async (scene) => {
      await setClient(scene, 'scopes', others(scene).join(' '));
      await expectRefused(scene, withheld(scene), { headers: keyOf(scene.caller.client) });
    },
  },
  ...(
    [
      ['its client was revoked', 'revoked_at', 1, INVALID_TOKEN],
      ['its secret was changed', 'secret_hash', 'another', INVALID_TOKEN],
      ['its scope was withdrawn', 'scopes', '', null],
    ] as const
  ).map(
    ([what, column, value, failure]): Check => ({
      guarantee: `refuses a key that it remembers on the next request after ${what}`,
      applies: ({ keyed }) => keyed,
      run: async (scene) => {
        const headers = keyOf(scene.caller.client);
        await remember(scene);
        await setClient(scene, column, value);
        await expectRefused(scene, failure ?? withheld(scene), { headers });
      },
    }),
  ),
  {
    guarantee: 'refuses a key that it remembers on the next request after its reseller was deleted',
    applies: ({ keyed }) => keyed,
    run: async (scene) => {
      await remember(scene);
      await env.DB.prepare('update resellers set deleted_at = 1 where id = ?').bind(scene.reseller).run();
      await expectRefused(scene, INVALID_TOKEN, { headers: keyOf(scene.caller.client) });
      await expectRefused(scene, INVALID_TOKEN, {});
    },
  },
  {
    guarantee: 'takes no API key',
    applies: ({ keyed }) => !keyed,
    refusals: [MISSING],
    run: async (scene) => {
      const { id, secret } = scene.caller.client;
      await expectRefused(scene, MISSING, { headers: keyOf(scene.caller.client) });
      await expectRefused(scene, INVALID_TOKEN, { token: `${id}.${secret}` });
    },
  },
];

const keyOf = ({ id, secret }: Client) => ({ Authorization: `ApiKey ${id}.${secret}` });

/** Has the key verified, by a request that changes nothing. */
async function remember(scene: Scene): Promise<void> {
  const headers = { ...keyOf(scene.caller.client), 'X-Request-Id': unique('request') };
  await request(scene, { method: 'OPTIONS', body: null, headers });
}

async function setClient({ caller }: Scene, column: string, value: string | number): Promise<void> {
  await env.DB.prepare(`update api_clients set ${column} = ? where id = ?`).bind(value, caller.client.id).run();
}
