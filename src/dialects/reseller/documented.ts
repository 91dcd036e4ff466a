import * as v from 'valibot';
import { namedSchemas } from '../../http/openapi/named-schemas.ts';
import type { DocumentedDialect } from '../../http/routes/dialect.ts';
import type { Failure } from '../../model/failure.ts';
import { toWire } from './errors.ts';
import { examples } from './examples.ts';
import { reseller } from './index.ts';
import * as wire from './schemas.ts';
import * as token from './token-schemas.ts';

function wordsOf(failure: Failure): string {
  const { detail } = v.parse(wire.AnyErrorBody, toWire(failure).body);
  return typeof detail === 'string' ? detail : 'The request is not valid.';
}

export const documentedReseller: DocumentedDialect = {
  ...reseller,
  schemas: namedSchemas(examples, [wire, token]),
  examples,
  errorSchema: wire.AnyErrorBody,
  wordsOf,
  parameters: { customer_id: 'The id of the customer.', user_id: 'The id of the user.' },
};
