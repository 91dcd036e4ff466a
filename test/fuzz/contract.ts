import { type Schema, Validator } from '@cfworker/json-schema';
import type { Json } from '../support/api.ts';
import type { Answers } from './operation.ts';

/** Makes objects that list their fields take no others: a reply has no field that is not declared. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const lists =
    schema.type === 'object' && schema.properties !== undefined && schema.additionalProperties === undefined;
  return lists ? { ...inner, additionalProperties: false } : inner;
}

/** What an OpenAPI document says of answers: the bodies of an operation's status. */
export function contractOf(document: Json) {
  const components = closed(document.components);
  const known = new Map<string, Answers>();
  return (path: string, method: string, status: number): Answers | undefined => {
    const response = document.paths[path]?.[method.toLowerCase()]?.responses[status];
    if (response === undefined) return undefined;
    const key = `${method} ${path} ${status}`;
    const answers = known.get(key) ?? answersOf(response.content ?? {}, components);
    known.set(key, answers);
    return answers;
  };
}

function answersOf(content: Json, components: Json): Answers {
  return Object.fromEntries(
    Object.entries<Json>(content).map(([mediaType, { schema }]) => [
      mediaType,
      mediaType === 'application/json' ? jsonOf(schema, components) : () => undefined,
    ]),
  );
}

/** What is wrong with a text that is to be JSON of this schema. */
export function jsonOf(schema: Json, components: Json = {}): (text: string) => string | undefined {
  const validator = new Validator({ ...closed(schema), components } as Schema, '2020-12');
  return (text) => {
    const { valid, errors } = validator.validate(parsed(text));
    return valid ? undefined : errors.map((error) => `${error.instanceLocation} ${error.error}`).join('\n');
  };
}

/** Undefined where it is no JSON, which no schema takes. */
export function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
