import { env } from 'cloudflare:workers';
import { availableScopes } from '../../../src/model/clients/scope.ts';
import type { Failure } from '../../../src/model/failure.ts';
import { isOperatorOnly, type Scene } from '../../support/generators/routes.ts';
import { callerFor, makeReseller, tokenOf } from '../../support/world.ts';
import { always, type Check, expectRefused } from './check.ts';

export const MISSING: Failure = { kind: 'token_missing' };
export const INVALID_TOKEN: Failure = { kind: 'token_invalid' };
export const withheld = ({ route }: Scene): Failure => ({ kind: 'scope_missing', scope: route.scope });

export const access: readonly Check[] = [
  {
    guarantee: 'refuses a caller without a token',
    applies: always,
    refusals: [MISSING],
    run: async (scene) => {
      await expectRefused(scene, MISSING, { headers: { Authorization: null } });
      await expectRefused(scene, MISSING, { headers: { Authorization: 'Basic Z2FyYmFnZTpnYXJiYWdl' } });
    },
  },
  {
    guarantee: 'refuses a caller without a token before it reads the body',
    applies: ({ bodied }) => bodied,
    run: async (scene) => {
      const headers = { Authorization: null };
      await expectRefused(scene, MISSING, { headers, body: new Uint8Array(65 * 1024) });
      await expectRefused(scene, MISSING, { headers, body: 'not JSON' });
    },
  },
  {
    guarantee: 'refuses a token that is none, or is not signed by us',
    applies: always,
    refusals: [INVALID_TOKEN],
    run: async (scene) => {
      const [header, payload, signature = ''] = scene.caller.token.split('.');
      const forged = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
      for (const token of ['garbage', 'a.b.c', forged]) await expectRefused(scene, INVALID_TOKEN, { token });
    },
  },
  {
    guarantee: 'refuses a token without its scope',
    applies: always,
    refusals: [{ kind: 'scope_missing', scope: 'event:read' }],
    run: async (scene) => {
      await expectRefused(scene, withheld(scene), {
        token: await tokenOf(scene.caller.client, others(scene).join(' ')),
      });
    },
  },
  {
    guarantee: 'is closed to every reseller',
    applies: ({ scope }) => isOperatorOnly(scope),
    run: async (scene) => {
      for (const reseller of [scene.reseller, (await makeReseller()).id]) {
        await expectRefused(scene, withheld(scene), { token: (await callerFor(reseller)).token });
      }
    },
  },
  {
    guarantee: 'refuses a revoked client on its next request',
    applies: always,
    run: async (scene) => {
      await env.DB.prepare('update api_clients set revoked_at = ? where id = ?')
        .bind(Date.now(), scene.caller.client.id)
        .run();
      await expectRefused(scene, INVALID_TOKEN, {});
    },
  },
  {
    guarantee: 'refuses a client on the next request after its scope was withdrawn',
    applies: always,
    run: async (scene) => {
      await env.DB.prepare('update api_clients set scopes = ? where id = ?')
        .bind(others(scene).join(' '), scene.caller.client.id)
        .run();
      await expectRefused(scene, withheld(scene), {});
    },
  },
];

/** The scopes of the scene's caller but the route's. */
export function others({ route, home }: Scene) {
  return availableScopes(home).filter((scope) => scope !== route.scope);
}
