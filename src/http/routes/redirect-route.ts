import type { AnonymousContext } from '../../domain/sign-in/anonymous-context.ts';
import { ANYONE } from '../../model/clients/scope.ts';
import { openAnonymousContext } from '../callers/anonymous-context.ts';
import type { NetworkPolicy } from '../rate-limits/policies.ts';
import { limitNetwork } from '../rate-limits/rate-limit.ts';
import { reply } from '../reply.ts';
import type { RequestContext } from '../request-context.ts';
import type { Query, Route, RouteFacts } from './route.ts';

/** Where a browser is sent, and what it keeps if it has not got it. */
type Sent = { readonly location: string; readonly cookie: string | null };

/** Declares a route for browsers of whoever has no credential (yet), which answers by sending them on. */
export function redirectRoute<Q>(
  declaration: Omit<RouteFacts, 'method' | 'scope' | 'query' | 'returns'> & {
    readonly query: Query<Q>;
    /** How often one address may ask. */
    readonly limit: NetworkPolicy;
  },
  handler: (context: RequestContext, anonymous: AnonymousContext, query: Q) => Promise<Sent>,
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
