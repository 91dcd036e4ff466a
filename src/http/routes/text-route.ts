import type * as v from 'valibot';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { openCallerContext } from '../callers/caller-context.ts';
import { beginHeavyRead, isHeavyRead, onStreamEnd } from '../rate-limits/heavy-reads.ts';
import { publicAddress } from '../request-context.ts';
import { authorizeCaller, type Input, type QueryDeclaration, type Route, type RouteFacts, readInput } from './route.ts';

type TextRouteDeclaration<P, Q> = Omit<RouteFacts, 'method' | 'params' | 'query' | 'body' | 'bytes' | 'returns'> & {
  readonly params?: P;
  readonly query?: QueryDeclaration<Q>;
  readonly mediaType: string;
  readonly headers?: Readonly<Record<string, string>>;
};

type TextBody = string | ReadableStream<Uint8Array>;
const isText = (made: object | string): made is TextBody => typeof made === 'string' || made instanceof ReadableStream;

export function textRoute<P extends v.GenericSchema | undefined = undefined, Q = undefined>(
  declaration: TextRouteDeclaration<P, Q>,
  handler: (
    caller: CallerContext,
    input: Input<P, Q, undefined>,
    url: URL,
  ) => Promise<TextBody | { readonly text: TextBody; readonly headers: Readonly<Record<string, string>> }>,
): Route {
  const { scope, mediaType, headers } = declaration;
  const method = 'GET';
  return {
    ...declaration,
    method,
    bytes: 'response',
    returns: [200],
    async handle(context, identified, raw) {
      const actor = authorizeCaller(declaration, identified);
      const { input } = await readInput({ ...declaration, method }, context, raw);
      const end = isHeavyRead(declaration, input.query) ? await beginHeavyRead(context, actor) : () => {};
      const caller = openCallerContext(context, actor, scope, null);
      const made = await handler(caller, input, publicAddress(context)).catch((error) => {
        end();
        throw error;
      });
      const { text, headers: more } = isText(made) ? { text: made, headers: {} } : made;
      if (typeof text === 'string') end();
      return new Response(typeof text === 'string' ? text : onStreamEnd(text, end), {
        headers: { ...headers, ...more, 'Content-Type': mediaType },
      });
    },
  };
}
