import type { Visitor } from '../../domain/sign-in/visitor.ts';
import { ANYONE } from '../../model/clients/scope.ts';
import { openVisitor } from '../callers/visitor.ts';
import type { Exchange } from '../exchange.ts';
import type { NetworkPolicy } from '../rate-limits/policies.ts';
import { limitNetwork } from '../rate-limits/rate-limit.ts';
import { reply } from '../reply.ts';
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
  handler: (exchange: Exchange, visitor: Visitor, query: Q) => Promise<Sent>,
): Route {
  return {
    ...declaration,
    method: 'GET',
    scope: ANYONE,
    returns: [302],
    async handle(exchange, _, raw) {
      await limitNetwork(exchange, declaration.limit);
      const query = declaration.query.read(raw.query);
      const { location, cookie } = await handler(exchange, openVisitor(exchange), query);
      return reply(302, null, { Location: location, ...(cookie !== null && { 'Set-Cookie': cookie }) });
    },
  };
}
