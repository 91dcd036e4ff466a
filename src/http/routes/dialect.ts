import type * as v from 'valibot';
import type { EventRecord, EventType } from '../../model/events/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import type { RateState } from '../rate-limits/rate-limit.ts';
import type { RequestContext } from '../request-context.ts';
import type { Route } from './route.ts';

export type WireError = { readonly status: number; readonly body: unknown };

export type EventShapes = {
  readonly body: (event: EventRecord) => unknown;
  readonly bodySchema: (type: EventType) => v.GenericSchema;
};

export type Dialect = {
  readonly name: string;
  /** Without a trailing slash. */
  readonly base: string;
  readonly title: string;
  readonly description: string;
  /** Source of the reseller; `token` refuses callers without one. */
  readonly realm: 'path' | 'token';
  readonly security: readonly ('oauth' | 'apiKey')[];
  readonly authenticate: (context: RequestContext) => Promise<Actor>;
  readonly routes: readonly Route[];
  readonly toWire: (failure: Failure, nowMs: number) => WireError;
  readonly faultBody: (requestId: string, nowMs: number) => unknown;
  readonly rateHeaders: (state: RateState) => Record<string, string>;
  readonly events?: EventShapes;
};

/** Only the build needs the documentation (scripts/lib/build/documents.ts). */
export type DocumentedDialect = Dialect & {
  readonly schemas: Readonly<Record<string, v.GenericSchema>>;
  /** By schema name, or by operation id for its own body. */
  readonly examples: Readonly<Record<string, unknown>>;
  readonly errorSchema: v.GenericSchema;
  readonly wordsOf: (failure: Failure) => string;
  /** By name, or by `<operation id> <name>`. */
  readonly parameters: Readonly<Record<string, string>>;
};
