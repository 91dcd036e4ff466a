import type * as v from 'valibot';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { openCallerContext } from '../callers/caller-context.ts';
import { beginHeavyRead, isHeavy, untilRead } from '../rate-limits/heavy-reads.ts';
import { publicAddress } from '../request-context.ts';
import { admit, type Input, type Query, type Route, type RouteFacts, readInput } from './route.ts';

type Declaration<P, Q> = Omit<RouteFacts, 'method' | 'params' | 'query' | 'body' | 'bytes' | 'returns'> & {
  readonly params?: P;
  readonly query?: Query<Q>;
  readonly mediaType: string;
  readonly headers?: Readonly<Record<string, string>>;
};

type Text = string | ReadableStream<Uint8Array>;
const isText = (made: object | string): made is Text => typeof made === 'string' || made instanceof ReadableStream;

export function textRoute<P extends v.GenericSchema | undefined = undefined, Q = undefined>(
  declaration: Declaration<P, Q>,
  handler: (
    caller: CallerContext,
    input: Input<P, Q, undefined>,
    url: URL,
  ) => Promise<Text | { readonly text: Text; readonly headers: Readonly<Record<string, string>> }>,
): Route {
  const { scope, mediaType, headers } = declaration;
  const method = 'GET';
  return {
    ...declaration,
    method,
    bytes: 'response',
    returns: [200],
    async handle(context, identified, raw) {
      const actor = admit(declaration, identified);
      const { input } = await readInput({ ...declaration, method }, context, raw);
      const end = isHeavy(declaration, input.query) ? await beginHeavyRead(context, actor) : () => {};
      const caller = openCallerContext(context, actor, scope, null);
      const made = await handler(caller, input, publicAddress(context)).catch((error) => {
        end();
        throw error;
      });
      const { text, headers: more } = isText(made) ? { text: made, headers: {} } : made;
      if (typeof text === 'string') end();
      return new Response(typeof text === 'string' ? text : untilRead(text, end), {
        headers: { ...headers, ...more, 'Content-Type': mediaType },
      });
    },
  };
}
