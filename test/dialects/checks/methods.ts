import { expect } from 'vitest';
import { request, type Scene } from '../../support/generators/routes.ts';
import { unique } from '../../support/world.ts';
import { always, type Check, expectHeaders, expectRefused, rateHeadersOf } from './check.ts';

export const methods: readonly Check[] = [
  {
    guarantee: 'refuses methods that its address does not know, and names those it does',
    applies: always,
    run: async (scene) => {
      const allow = allowed(scene);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'].filter(
        (one) => !allow.includes(one),
      )) {
        const body = method === 'GET' ? null : '{}';
        const reply = await expectRefused(scene, { kind: 'method_not_allowed', allow }, { method, body });
        expect(reply.headers.get('Allow')).toBe(allow.join(', '));
      }
    },
  },
  {
    guarantee: 'tells anybody by OPTIONS what its address knows',
    applies: always,
    run: async (scene) => {
      for (const headers of [{}, { Authorization: null }]) {
        const reply = await request(scene, { method: 'OPTIONS', body: null, headers });
        expect(reply).toMatchObject({ status: 204, text: '' });
        expect(reply.headers.get('Allow')).toBe(allowed(scene).join(', '));
        expectHeaders(scene, reply);
      }
    },
  },
  {
    guarantee: 'answers HEAD as GET without the body',
    applies: ({ method }) => method === 'GET',
    run: async (scene) => {
      const headers = { 'X-Request-Id': unique('request') };
      const get = await request(scene, { headers });
      const head = await request(scene, { method: 'HEAD', headers });
      expect(head).toMatchObject({ status: get.status, text: '' });
      expectHeaders(scene, head);
      expect(lasting(scene, head.headers)).toEqual(lasting(scene, get.headers));
    },
  },
];

/** The methods of the scene's address in the order of their declaration, and those that come with them. */
function allowed({ dialect, route }: Scene): string[] {
  const own: string[] = dialect.routes.filter(({ path }) => path === route.path).map(({ method }) => method);
  return [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
}

/** The headers that do not change from one moment to the next. */
function lasting({ dialect }: Scene, headers: Headers) {
  const moving = ['X-D1-Bookmark', ...rateHeadersOf(dialect)].map((name) => name.toLowerCase());
  return [...headers].filter(([name]) => !moving.includes(name));
}
