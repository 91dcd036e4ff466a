import { expect } from 'vitest';
import { mediaTypesOf } from '../../../src/http/routes/route.ts';
import type { Failure } from '../../../src/model/failure.ts';
import { BODY_MAX_BYTES } from '../../../src/model/limits/index.ts';
import { withField } from '../../support/generators/bodies.ts';
import { bodyOf, type Changes, idsOf, parametersOf, request, type Scene } from '../../support/generators/routes.ts';
import { type Check, expectHeaders, expectRefused, factsOf, INVALID } from './check.ts';

const NOT_JSON: Failure = { kind: 'not_json' };
const TOO_LARGE: Failure = { kind: 'too_large', maxBytes: BODY_MAX_BYTES };
const mediaType = ({ route }: Scene): Failure => ({
  kind: 'media_type',
  expected: mediaTypesOf(route).join(', '),
});

const BAD_ESCAPES = ['%zz', '%', '%E0%A4%A', '%ff'];
const BAD_IDS = [
  '1',
  'x'.repeat(300),
  '%00',
  "'%20or%201=1--",
  '%F0%9F%92%A9',
  '..%2F..',
  '00000000-0000-0000-0000-00000000000g',
];
const BAD_VALUES = ['', '%zz', '%00', '%ED%A0%80', '-1', '1e309', "'--", '[]', 'x'.repeat(5000)];

export const input: readonly Check[] = [
  {
    guarantee: 'refuses a malformed id',
    applies: ({ named }) => named,
    refusals: [INVALID],
    run: async (scene) => {
      for (const name of idsOf(scene.route)) {
        for (const id of BAD_IDS) await expectRefused(scene, INVALID, { ids: { [name]: id } });
      }
    },
  },
  {
    guarantee: 'refuses a malformed percent-escape',
    applies: ({ named }) => named,
    refusals: [INVALID],
    run: async (scene) => {
      for (const name of parametersOf(scene.route.path)) {
        for (const id of BAD_ESCAPES) await expectRefused(scene, INVALID, { ids: { [name]: id } });
      }
    },
  },
  {
    guarantee: 'refuses an unknown query parameter',
    applies: ({ queried }) => queried,
    refusals: [INVALID],
    run: async (scene) => {
      for (const query of ['?unheardOf=1', '?__proto__=1', '?constructor[eq]=1', '?id[unheardOf]=1']) {
        await expectRefused(scene, INVALID, { query });
      }
    },
  },
  {
    guarantee: 'answers whatever a query parameter says',
    applies: ({ queried }) => queried,
    refusals: [INVALID],
    run: async (scene) => {
      for (const name of Object.keys(scene.route.query?.entries ?? {})) {
        for (const value of BAD_VALUES) {
          const reply = await request(scene, { query: `?${name}=${value}` });
          const refused = scene.dialect.toWire(INVALID, 0).status;
          expect([scene.route.returns[0], refused], `${name}=${value}: ${reply.text}`).toContain(reply.status);
          expectHeaders(scene, reply);
        }
      }
    },
  },
  {
    guarantee: 'refuses a body that is not JSON in UTF-8',
    applies: ({ bodied }) => bodied,
    refusals: [NOT_JSON],
    run: async (scene) => {
      const latin1 = Buffer.from(JSON.stringify(withField(bodyOf(scene), { unheardOf: 'ü' })), 'latin1');
      const empty = factsOf(scene).bodiless ? [] : [''];
      for (const body of ['not JSON', ...empty, '{"a":', '[1]]', 'NaN', latin1]) {
        await expectRefused(scene, NOT_JSON, { body, headers: { 'Content-Type': 'application/json' } });
      }
    },
  },
  {
    guarantee: 'refuses JSON of another kind',
    applies: ({ bodied }) => bodied,
    refusals: [INVALID],
    run: async (scene) => {
      const body = JSON.stringify(bodyOf(scene));
      const other = factsOf(scene).patched ? ['{}', `{"0":${body}}`] : ['[]'];
      for (const wrong of ['null', 'true', '1', '"{}"', `[${body}]`, ...other]) {
        await expectRefused(scene, INVALID, { body: wrong });
      }
    },
  },
  {
    guarantee: 'refuses a body of another media type, or of none',
    applies: ({ bodied }) => bodied,
    refusals: [{ kind: 'media_type', expected: '' }],
    run: async (scene) => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '', null]) {
        await expectRefused(scene, mediaType(scene), { headers: { 'Content-Type': type } });
      }
    },
  },
  {
    guarantee: 'refuses a body over 64 KiB, announced or streamed',
    applies: ({ bodied }) => bodied,
    refusals: [TOO_LARGE],
    run: async (scene) => {
      const headers = { 'Content-Type': 'application/json' };
      const large = new Uint8Array(BODY_MAX_BYTES + 1).fill(0x20);
      large.set(new TextEncoder().encode(JSON.stringify(bodyOf(scene))));
      await expectRefused(scene, TOO_LARGE, { headers, body: large });
      await expectRefused(scene, TOO_LARGE, { headers, body: inPieces(large) });
    },
  },
];

/** A body whose length nobody announces. */
function inPieces(bytes: Uint8Array): NonNullable<Changes['body']> {
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(sent, sent + 8192));
      sent += 8192;
    },
  });
}
