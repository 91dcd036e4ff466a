import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { Email } from '../../model/fields.ts';
import type { DocumentedDialect } from '../routes/dialect.ts';

// Checks and transformations do not exist in JSON Schema.
const config: ConversionConfig = {
  target: 'draft-2020-12',
  typeMode: 'input',
  errorMode: 'ignore',
  overrideAction: ({ valibotAction, jsonSchema }) => {
    if (valibotAction === Email.pipe.at(-1)) return { ...jsonSchema, format: 'email' };
    if (valibotAction.type !== 'regex') return undefined;
    const { source } = (valibotAction as v.RegexAction<string, undefined>).requirement;
    // JSON Schema allows one pattern; the first stays.
    if (jsonSchema.pattern === source) return undefined;
    return { ...jsonSchema, allOf: [...(jsonSchema.allOf ?? []), { pattern: source }] };
  },
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
};

type Piped = { readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[] };

export function parameterSchema(dialect: DocumentedDialect, schema: v.GenericSchema): JsonSchema {
  const converted = schemaOf(dialect, schema);
  const { pipe = [] } = ('wrapped' in schema ? schema.wrapped : schema) as Piped;
  if (!pipe.some(({ type }) => type === 'digits')) return converted;
  const bound = (name: string) => pipe.find(({ type }) => type === name)?.requirement;
  const preset = converted.default === undefined ? {} : { default: Number(converted.default) };
  return { type: 'integer', minimum: bound('min_value'), maximum: bound('max_value'), ...preset } as JsonSchema;
}

export const jsonMediaType = (schema: unknown, more: object = {}) => ({ 'application/json': { schema, ...more } });

export function schemaOf(dialect: DocumentedDialect, schema: v.GenericSchema = v.unknown()): JsonSchema {
  const {
    $schema: _,
    $defs: __,
    ...converted
  } = toJsonSchema(schema, { ...config, definitions: { ...dialect.schemas } });
  return converted;
}

export function components(dialect: DocumentedDialect): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(dialect.schemas).map(([name, schema]) => {
      const { [name]: _, ...others } = dialect.schemas;
      const example = dialect.examples[name];
      const converted = schemaOf({ ...dialect, schemas: others }, schema);
      return [name, example === undefined ? converted : { ...converted, examples: [example] }];
    }),
  );
}
