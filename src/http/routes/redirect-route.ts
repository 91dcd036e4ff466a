import type { AnonymousContext } from '../../domain/sign-in/anonymous-context.ts';
import { ANYONE } from '../../model/clients/scope.ts';
import { openAnonymousContext } from '../callers/anonymous-context.ts';
import type { NetworkPolicy } from '../rate-limits/policies.ts';
import { limitNetwork } from '../rate-limits/rate-limit.ts';
import { reply } from '../reply.ts';
import type { RequestContext } from '../request-context.ts';
import type { QueryDeclaration, Route, RouteFacts } from './route.ts';

type Redirect = { readonly location: string; readonly cookie: string | null };

export function redirectRoute<Q>(
  declaration: Omit<RouteFacts, 'method' | 'scope' | 'query' | 'returns'> & {
    readonly query: QueryDeclaration<Q>;
    readonly limit: NetworkPolicy;
  },
  handler: (context: RequestContext, anonymous: AnonymousContext, query: Q) => Promise<Redirect>,
): Route {
  return {
    ...declaration,
    method: 'GET',
    scope: ANYONE,
    returns: [302],
    async handle(context, _, raw) {
      await limitNetwork(context, declaration.limit);
      const query = declaration.query.read(raw.query);
      const { location, cookie } = await handler(context, openAnonymousContext(context), query);
      return reply(302, null, { Location: location, ...(cookie !== null && { 'Set-Cookie': cookie }) });
    },
  };
}
