import { beforeAll, expect, test } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import type { Scope } from '../../src/model/clients/scope.ts';
import { declared, nameOf, openScene } from '../support/generators/routes.ts';
import { documentOf } from '../support/measures/openapi.ts';
import { muteQueues } from '../support/queues.ts';
import { type Facts, factsOf } from './checks/check.ts';
import { checks } from './checks/index.ts';

/** One case for each declared route and each guarantee that applies to it. */
const table = declared.flatMap((one) =>
  checks
    .filter((check) => check.applies(factsOf(one)))
    .map((check) => ({ one, check, name: `${nameOf(one)} ${check.guarantee}` })),
);

beforeAll(muteQueues);

for (const { one, check, name } of table) {
  test(name, async () => check.run(await openScene(one)));
}

test('the table holds every operation that is served, with every guarantee that applies to it', async () => {
  const served: string[] = [];
  for (const { base } of dialects) {
    const { paths } = await documentOf(base);
    for (const [path, operations] of Object.entries<Record<string, Operation>>(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        // What asks for no scope is tested on its own.
        if (!operation.security[0]?.oauth.length) continue;
        const name = `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`;
        const applying = checks.filter((check) => check.applies(documentedFacts(method, path, operation)));
        served.push(...applying.map((check) => `${name} ${check.guarantee}`));
      }
    }
  }
  expect(table.map(({ name }) => name).sort()).toEqual(served.sort());
  expect(served.length).toBeGreaterThan(declared.length * 10);
});

type Operation = {
  readonly security: readonly [{ readonly oauth: readonly [Scope] }, ...object[]];
  readonly responses: { readonly [403]: { readonly content: Readonly<Record<string, { readonly examples: object }>> } };
  readonly parameters: readonly { readonly in: string }[];
  readonly requestBody?: { readonly required: boolean; readonly content: object };
};

/** The facts of a route as its documentation tells them. */
function documentedFacts(method: string, path: string, operation: Operation): Facts {
  const { content: mediaTypes = {} } = operation.requestBody ?? {};
  return {
    method: method.toUpperCase(),
    scope: operation.security[0].oauth[0],
    named: path.includes('{'),
    queried: operation.parameters.some((parameter) => parameter.in === 'query'),
    bodied: 'application/json' in mediaTypes,
    bodiless: operation.requestBody?.required === false,
    patched: 'application/json-patch+json' in mediaTypes,
    realm: 'realm_missing' in operation.responses[403].content['application/json']!.examples ? 'token' : 'path',
    keyed: operation.security.some((scheme) => 'apiKey' in scheme),
  };
}
