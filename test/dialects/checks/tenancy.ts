import { expect } from 'vitest';
import type { Failure } from '../../../src/model/failure.ts';
import type { Ids } from '../../support/generators/makers.ts';
import {
  idsOf,
  isOperatorOnly,
  openScene,
  parametersOf,
  referencesOf,
  request,
  type Scene,
} from '../../support/generators/routes.ts';
import { saidAgain, timeless } from '../../support/measures/said.ts';
import { type Check, expectRefused } from './check.ts';

export const tenancy: readonly Check[] = [
  {
    guarantee: 'finds nothing under an id that does not exist',
    applies: ({ named }) => named,
    refusals: [{ kind: 'not_found', what: 'route' }],
    run: async (scene) => {
      for (const name of resourcesOf(scene)) await expectAbsent(scene, { [name]: crypto.randomUUID() });
    },
  },
  {
    guarantee: "answers for another reseller's things as for things that do not exist",
    applies: ({ named, scope }) => named && !isOperatorOnly(scope),
    run: async (scene) => {
      const theirs = await openScene(scene);
      for (const name of resourcesOf(scene)) {
        const foreign = await expectAbsent(scene, { [name]: theirs.ids[name] ?? '' });
        const absent = await expectAbsent(scene, { [name]: crypto.randomUUID() });
        expect(foreign).toBe(absent);
      }
      const nothing = Object.fromEntries(Object.keys(theirs.ids).map((name) => [name, crypto.randomUUID()]));
      expect(await expectAbsent(scene, theirs.ids)).toBe(await expectAbsent(scene, nothing));
      // They are there all the same, for their own caller.
      expect((await request(theirs)).status).toBe(scene.route.returns[0]);
    },
  },
  {
    guarantee: "lists the caller's own and nothing of another reseller",
    applies: ({ method, queried, scope }) => method === 'GET' && queried && !isOperatorOnly(scope),
    run: async (scene) => {
      const { text: theirs } = await request(await openScene(scene));
      const { text: ours } = await request(scene);
      const idsIn = (text: string): string[] => text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
      expect(idsIn(ours)).not.toEqual([]);
      expect(idsIn(ours).filter((id) => theirs.includes(id))).toEqual([]);
    },
  },
];

/** What a request names that has to be there; an upload names what it makes. */
const resourcesOf = ({ dialect, route }: Scene) => [
  ...(route.bytes === 'request' ? idsOf(route) : parametersOf(route.path)),
  ...referencesOf(dialect, route),
];

/** The bytes of the refusal but for the time, which says what is absent in the way that the route declares. */
export async function expectAbsent(scene: Scene, ids: Ids, authorization?: string): Promise<string> {
  const { dialect, route } = scene;
  const changes = { ids, ...(authorization !== undefined && { headers: { Authorization: authorization } }) };
  const expected = (route.fails ?? []).filter((failure) => failure.kind === 'not_found');
  const { body } = await request(scene, changes);
  const words = (failure: Failure) => (now: number) => dialect.toWire(failure, now).body;
  const failure = expected.find((one) => JSON.stringify(saidAgain(body, words(one))) === JSON.stringify(body));
  expect(failure, JSON.stringify(body)).toBeDefined();
  return timeless(await expectRefused(scene, failure!, changes), words(failure!));
}
