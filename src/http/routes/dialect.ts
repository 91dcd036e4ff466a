import type * as v from 'valibot';
import type { EventRecord, EventType } from '../../model/events/event.ts';
import type { Failure } from '../../model/failure.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import type { RateState } from '../rate-limits/rate-limit.ts';
import type { RequestContext } from '../request-context.ts';
import type { Route } from './route.ts';

/** A failure as a dialect puts it on the wire. */
export type Wire = { readonly status: number; readonly body: unknown };

/** How a dialect shows events to receivers: the schema of a whole body, and how it is made. */
export type EventShapes = {
  readonly body: (event: EventRecord) => unknown;
  readonly bodySchema: (type: EventType) => v.GenericSchema;
};

/** One documented wire shape over the domain. It names, shapes and words; it decides nothing. */
export type Dialect = {
  readonly name: string;
  /** Start of every path, without a slash at the end. */
  readonly base: string;
  readonly title: string;
  readonly description: string;
  /** What names the reseller that a request is about; by `token`, one of no reseller is refused. */
  readonly realm: 'path' | 'token';
  /** How callers prove who they are; the first is the usual way. */
  readonly security: readonly ('oauth' | 'apiKey')[];
  readonly authenticate: (context: RequestContext) => Promise<Actor>;
  readonly routes: readonly Route[];
  /** Every failure, exhaustively. `nowMs`: the request's time. */
  readonly toWire: (failure: Failure, nowMs: number) => Wire;
  readonly faultBody: (requestId: string, nowMs: number) => unknown;
  readonly rateHeaders: (state: RateState) => Record<string, string>;
  readonly events?: EventShapes;
};

/** A dialect with what only its documentation needs, which is made before the deployment (scripts/lib/documents.ts). */
export type Documented = Dialect & {
  /** The schemas with a name of their own. */
  readonly schemas: Readonly<Record<string, v.GenericSchema>>;
  /** An example of each named schema; or of an operation's own body, by its id. */
  readonly examples: Readonly<Record<string, unknown>>;
  readonly errorSchema: v.GenericSchema;
  /** A failure as its body says it, in one line; of what is not valid, only that. */
  readonly wordsOf: (failure: Failure) => string;
  /** What parameters mean, by name; where an operation means something else by one, by its id, a space and the name. */
  readonly parameters: Readonly<Record<string, string>>;
};
