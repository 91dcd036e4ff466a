import type * as v from 'valibot';
import type { Call } from '../db/call.ts';
import { openCall } from './call.ts';
import { beginHeavyRead, isHeavy, untilRead } from './heavy-reads.ts';
import { admit, type Input, type Query, type Route, type RouteFacts, readInput } from './route.ts';

type Declaration<P, Q> = Omit<RouteFacts, 'method' | 'params' | 'query' | 'body' | 'bytes' | 'returns'> & {
  readonly params?: P;
  readonly query?: Query<Q>;
  /** What the text is sent as. */
  readonly mediaType: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Declares a route that answers with text of its own media type: whole, or as it is made. */
export function textRoute<P extends v.GenericSchema | undefined = undefined, Q = undefined>(
  declaration: Declaration<P, Q>,
  handler: (call: Call, input: Input<P, Q, undefined>) => Promise<string | ReadableStream<Uint8Array>>,
): Route {
  const { scope, mediaType, headers } = declaration;
  const method = 'GET';
  return {
    ...declaration,
    method,
    bytes: 'response',
    returns: [200],
    async handle(exchange, caller, raw) {
      const actor = admit(declaration, caller);
      const { input } = await readInput({ ...declaration, method }, exchange, raw);
      const end = isHeavy(declaration, input.query) ? await beginHeavyRead(exchange, actor) : () => {};
      const text = await handler(openCall(exchange, actor, scope, null), input).catch((error) => {
        end();
        throw error;
      });
      if (typeof text === 'string') end();
      return new Response(typeof text === 'string' ? text : untilRead(text, end), {
        headers: { ...headers, 'Content-Type': mediaType },
      });
    },
  };
}
