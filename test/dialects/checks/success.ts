import { applyPatch, type Operation } from 'rfc6902';
import { expect } from 'vitest';
import { mediaTypesOf } from '../../../src/http/routes/route.ts';
import { BODY_MAX_BYTES } from '../../../src/model/limits/index.ts';
import { withField } from '../../support/generators/bodies.ts';
import { bodyOf, lookUp, openScene, renew, request, viewOf } from '../../support/generators/routes.ts';
import { footprint } from '../../support/measures/footprint.ts';
import { rows } from '../../support/world.ts';
import { always, type Check, expectDeclared, expectRefused, INVALID } from './check.ts';

export const success: readonly Check[] = [
  {
    guarantee: 'answers as declared and leaves its event, or nothing',
    applies: always,
    run: async (scene) => {
      const before = await footprint();
      const reply = await request(scene);
      expectDeclared(scene, reply);
      expect(reply.headers.get('X-D1-Bookmark')).toBeTruthy();
      const { method, raises } = scene.route;
      const written = await rows(
        'select type from events where request_id = ? and audit_only = 0',
        reply.headers.get('X-Request-Id'),
      );
      if (method === 'GET') expect(await footprint()).toEqual(before);
      if (raises === undefined) expect(written).toEqual([]);
      else expect(raises).toContain(written[0]?.['type']);
    },
  },
  {
    guarantee: 'serves the operator too, in any reseller',
    applies: ({ realm }) => realm === 'path',
    run: async (scene) => {
      const asOperator = await openScene(scene, true);
      expectDeclared(asOperator, await request(asOperator));
    },
  },
  {
    guarantee: 'ignores unknown body fields',
    applies: ({ bodied }) => bodied,
    run: async (scene) => {
      const reply = await request(scene, {
        body: JSON.stringify(withField(bodyOf(scene), { unheardOf: 'unheard-of' })),
      });
      expectDeclared(scene, reply);
      expect(reply.text).not.toContain('unheard');
      expect(await rows("select 1 from events where coalesce(after, '') like '%unheard%'")).toEqual([]);
    },
  },
  {
    guarantee: 'takes its body in each of its media types',
    applies: ({ bodied }) => bodied,
    run: async (scene) => {
      for (const type of mediaTypesOf(scene.route)) {
        const fresh = await openScene(scene);
        expectDeclared(fresh, await request(fresh, { headers: { 'Content-Type': `${type}; charset=utf-8` } }));
      }
    },
  },
  {
    guarantee: 'does what its operations say, or nothing where one of them fails',
    applies: ({ patched }) => patched,
    refusals: [INVALID],
    run: async (scene) => {
      const view = viewOf(scene.dialect, scene.route)!;
      const shown = () => lookUp(scene, view, scene.ids[view.parameter]!);
      const [before, operations] = [await shown(), bodyOf(scene) as unknown as Operation[]];
      const failing = { op: 'test', path: operations[0]?.path, value: 'something else' };
      await expectRefused(scene, INVALID, { body: JSON.stringify([...operations, failing]) });
      expectDeclared(scene, await request(scene));
      const expected = structuredClone(before);
      applyPatch(expected, operations);
      expect(await shown()).toEqual(expected);
      expect(expected).not.toEqual(before);
    },
  },
  {
    guarantee: 'takes a request without a body, whether it names a media type or none',
    applies: ({ bodiless }) => bodiless,
    run: async (scene) => {
      for (const type of [null, 'application/json']) {
        await renew(scene);
        expectDeclared(scene, await request(scene, { body: null, headers: { 'Content-Type': type } }));
      }
    },
  },
  {
    guarantee: 'takes a body of exactly 64 KiB',
    applies: ({ bodied }) => bodied,
    run: async (scene) => {
      const body = new TextEncoder().encode(JSON.stringify(bodyOf(scene)));
      const padded = new Uint8Array(BODY_MAX_BYTES).fill(0x20);
      padded.set(body);
      expectDeclared(scene, await request(scene, { body: padded }));
    },
  },
];
