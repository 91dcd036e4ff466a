import { env } from 'cloudflare:workers';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { documented as dialects } from '../../src/dialects/documented.ts';
import { ANYONE } from '../../src/model/clients/scope.ts';
import { EVENT_TYPES } from '../../src/model/events/event.ts';
import list from '../../src/model/factors/common-passwords.json' with { type: 'json' };
import { setCommonPasswords } from '../../src/model/factors/common-passwords.ts';
import { send } from '../support/api.ts';
import { type Declared, declared, nameOf, parametersOf } from '../support/generators/routes.ts';
import { documentFrom, pagesOf, textOf } from '../support/measures/golden-pages.ts';
import { documentOf } from '../support/measures/openapi.ts';
import { factsOf, rateHeadersOf } from './checks/check.ts';
import { checks } from './checks/index.ts';

setCommonPasswords(list);
const named = dialects.map((dialect) => [dialect.name, dialect] as const);

// After a change of contract that is meant: node_modules/.bin/vitest run --project workers test/dialects/openapi -u
test.each(named)('the document of %s is its golden pages', async (name, { base }) => {
  const document = (await send('GET', `${base}/openapi.json`)).body;
  expect(document.servers).toEqual([{ url: env.PUBLIC_URL }]);
  const pages = pagesOf(document);
  expect(documentFrom(pages)).toEqual(document);
  for (const [page, content] of Object.entries(pages))
    await expect(`${textOf(content)}\n`).toMatchFileSnapshot(`../golden/${name}/${page}.json`);
});

test.each(named)('every JSON body that %s takes is a named schema', async (_, { base }) => {
  for (const { operationId, requestBody } of operationsIn({ ...(await documentOf(base)), webhooks: {} })) {
    const { 'application/octet-stream': bytes, ...bodies } = requestBody?.content ?? {};
    if (bytes !== undefined) continue;
    for (const { schema } of Object.values(bodies)) expect(Object.keys(schema), operationId).toContain('$ref');
  }
});

test.each(named)('every named schema of %s has an example, which it takes', (_, { schemas, examples, routes }) => {
  const bodies = Object.fromEntries(routes.map(({ id, body }) => [id, body]));
  expect(Object.keys(examples)).toEqual(expect.arrayContaining(Object.keys(schemas)));
  for (const [name, example] of Object.entries(examples)) {
    expect(v.safeParse(schemas[name] ?? bodies[name]!, example).issues, name).toBeUndefined();
  }
});

test.each(named)('the document of %s describes every event as a webhook', async (_, { base, events }) => {
  const { webhooks } = await documentOf(base);
  expect(Object.keys(webhooks)).toEqual(events === undefined ? [] : EVENT_TYPES);
  for (const type of Object.keys(webhooks)) {
    const { schema } = webhooks[type].post.requestBody.content['application/json'];
    expect(schema.properties.event).toEqual({ const: type });
  }
});

for (const one of declared) {
  const { dialect, route } = one;
  const name = nameOf(one);

  test(`${name} is documented with its scope, its parameters and its success`, async () => {
    const operation = await operationOf(one);
    const security = dialect.security.map((scheme) => ({ [scheme]: scheme === 'oauth' ? [route.scope] : [] }));
    expect(operation).toMatchObject({ operationId: route.id, security });
    const inPath = operation.parameters.filter((parameter: { in: string }) => parameter.in === 'path');
    expect(inPath.map((parameter: { name: string }) => parameter.name)).toEqual(parametersOf(route.path));
    const [status, schema] = route.returns;
    expect(operation.responses[status].content !== undefined).toBe(schema !== undefined || route.bytes === 'response');
  });

  test(`${name} is documented with every refusal that the contract provokes`, async () => {
    const { responses } = await operationOf(one);
    const provoked = checks.filter((check) => check.applies(factsOf(one))).flatMap(({ refusals = [] }) => refusals);
    const statuses = provoked.map((failure) => dialect.toWire(failure, 0).status);
    const limited = dialect.toWire({ kind: 'rate_limited', retryAfterSeconds: 1 }, 0).status;
    expect(statuses.length).toBeGreaterThan(2);
    expect(Object.keys(responses)).toEqual(expect.arrayContaining([...statuses, limited, 500].map(String)));
    expect(Object.keys(responses[limited].headers)).toEqual(
      expect.arrayContaining(['Retry-After', ...rateHeadersOf(dialect)]),
    );
  });
}

test.each(named)('the document of %s describes each way in that its operations name', async (_, { base, security }) => {
  const { components } = await documentOf(base);
  expect(Object.keys(components.securitySchemes)).toEqual(security);
});

test.each(named)(
  'every error that the document of %s shows as an example is of the shape beside it',
  async (_, dialect) => {
    const { paths } = await documentOf(dialect.base);
    const contents = Object.values<Record<string, Documented>>(paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ responses }) =>
        Object.values(responses).flatMap(({ content }) => content?.['application/json'] ?? []),
      );
    const shown = contents.flatMap(({ schema, examples = {} }) =>
      Object.values(examples).map(({ value }) => ({ schema, value })),
    );
    expect(shown.length).toBeGreaterThan(dialect.routes.length * 5);
    for (const { schema, value } of shown) {
      const shapes = (schema.anyOf ?? [schema]).map(({ $ref }) => dialect.schemas[$ref?.split('/').at(-1) ?? '']!);
      expect(shapes.filter((shape) => v.is(shape, value))).toHaveLength(1);
    }
  },
);

type Reference = { readonly $ref?: string };
type Documented = {
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly content?: Readonly<
          Record<
            string,
            {
              readonly schema: Reference & { readonly anyOf?: readonly Reference[] };
              readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
            }
          >
        >;
      }
    >
  >;
};

test.each(named)('where %s takes an Idempotency-Key, it documents that one may be refused', async (_, dialect) => {
  const { paths } = await documentOf(dialect.base);
  const invalid = dialect.toWire({ kind: 'invalid', issues: [] }, 0).status;
  const posts = dialect.routes.filter(({ method, scope }) => method === 'POST' && scope !== ANYONE);
  for (const { path } of posts) {
    const { post } = paths[`${dialect.base}${path}`.replace(/:(\w+)/g, '{$1}')];
    expect(Object.keys(post.responses), path).toContain(String(invalid));
  }
});

test.each(named)('no summary in the document of %s has Markdown, which nothing renders there', async (_, { base }) => {
  const summaries = operationsIn(await documentOf(base)).map(({ summary }) => summary);
  expect(summaries.filter((summary) => summary.includes('`'))).toEqual([]);
});

test.each(named)(
  'no reply is said to be the only one in the document of %s where others are alike',
  async (_, { base }) => {
    const operations = operationsIn(await documentOf(base));
    const likeOf = (one: Operation) => operations.filter((other) => replyOf(other) === replyOf(one));
    const only = operations.filter(({ summary }) => /\bthe only (?:one|reply)\b/.test(summary));
    expect(only.filter((one) => likeOf(one).length > 1).map(({ summary }) => summary)).toEqual([]);
  },
);

test.each(named)('every parameter in the document of %s says what it means, no two the same', async (_, { base }) => {
  for (const { operationId, parameters } of operationsIn(await documentOf(base))) {
    const meanings = new Map(parameters.map(({ name, description }) => [description, name]));
    for (const { name, description } of parameters) {
      expect(description, `${operationId} ${name}`).toMatch(/^[A-Z].*[^ ]\.$|^v1,/);
      expect(meanings.get(description), operationId).toBe(name);
    }
  }
});

test.each([
  ['eq', 'same as'],
  ['ne', 'is not this'],
  ['sw', 'starts with'],
  ['ew', 'ends with'],
  ['cn', 'contains'],
  ['nc', 'does not contain'],
  ['in', 'is one of'],
  ['nin', 'is not one of'],
  ['gt', 'is after'],
  ['gte', 'is this or after'],
  ['lt', 'is before'],
  ['lte', 'is this or before'],
])('every filter [%s] says that it %s', async (operator, words) => {
  const documents = await Promise.all(dialects.map(({ base }) => documentOf(base)));
  const parameters = documents.flatMap(operationsIn).flatMap((operation) => operation.parameters);
  const filters = parameters.filter(({ name }) => name.endsWith(`[${operator}]`));
  expect(filters).not.toEqual([]);
  for (const { description } of filters) expect(description).toContain(words);
});

test.each(named)('every refusal in the document of %s is described by what its bodies say', async (_, { base }) => {
  const refusals = operationsIn(await documentOf(base)).flatMap(({ responses }) =>
    Object.values(responses).filter(({ content }) => content?.['application/json']?.examples !== undefined),
  );
  expect(refusals).not.toEqual([]);
  for (const { description, content } of refusals) {
    for (const line of description.split('\n'))
      expect(line).toMatch(/^(?:- )?(?:`[A-Z_]+`: )?(?:[A-Z].*\.|Not Found)$/);
    for (const [name, { value }] of Object.entries(content?.['application/json']?.examples ?? {})) {
      const said = name === 'invalid' ? 'The request is not valid.' : (value.message ?? value.detail);
      expect(description).toContain(said);
      expect(description).toContain(value.code ?? '');
    }
  }
});

test('no two operations share an id', () => {
  for (const { routes } of dialects) expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
});

function operationsIn({ paths, webhooks }: Document): Operation[] {
  return [...Object.values(paths), ...Object.values(webhooks)].flatMap((operations) => Object.values(operations));
}

type Document = Readonly<Record<'paths' | 'webhooks', Readonly<Record<string, Readonly<Record<string, Operation>>>>>>;
type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly parameters: readonly { readonly name: string; readonly description?: string }[];
  readonly responses: Readonly<Record<string, Answer>>;
};
type Answer = {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly examples?: Readonly<Record<string, { value: ErrorBody }>> }>>;
};
type ErrorBody = { readonly message?: string; readonly detail?: unknown; readonly code?: string };

/** What an operation answers with when all is well. */
function replyOf({ responses }: Operation): string {
  return JSON.stringify(Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].content);
}

async function operationOf({ dialect, route }: Declared) {
  const { paths } = await documentOf(dialect.base);
  return paths[`${dialect.base}${route.path}`.replace(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];
}
