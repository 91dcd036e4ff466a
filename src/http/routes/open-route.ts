import type * as v from 'valibot';
import type { Visitor } from '../../domain/sign-in/visitor.ts';
import { ANYONE } from '../../model/clients/scope.ts';
import { openVisitor } from '../callers/visitor.ts';
import { publicAddress } from '../exchange.ts';
import type { NetworkPolicy } from '../rate-limits/policies.ts';
import { limitNetwork } from '../rate-limits/rate-limit.ts';
import { reply } from '../reply.ts';
import { type Declaration, encodeReply, type Input, type Route, readInput } from './route.ts';

/** Declares a route for whoever has no credential (yet): decode every part, call the domain, encode the reply. */
export function openRoute<
  Result,
  P extends v.GenericSchema | undefined = undefined,
  Q = undefined,
  B extends v.GenericSchema | undefined = undefined,
  R extends v.GenericSchema | undefined = undefined,
>(
  declaration: Omit<Declaration<P, Q, B, R, Result>, 'scope'> & {
    /** How often one address may ask. */
    readonly limit: NetworkPolicy;
  },
  handler: (visitor: Visitor, input: Input<P, Q, B>, request: Request) => Promise<Result>,
): Route {
  return {
    ...declaration,
    scope: ANYONE,
    async handle(exchange, _, raw) {
      await limitNetwork(exchange, declaration.limit);
      const { input } = await readInput(declaration, exchange, raw);
      const visitor = openVisitor(exchange);
      try {
        const result = await handler(visitor, input, exchange.request);
        const { status, text } = encodeReply(declaration, result, exchange.now);
        return reply(status, text, declaration.headers?.(result, publicAddress(exchange)));
      } finally {
        const [mail] = visitor.unhurried;
        exchange.committed({ raised: visitor.raised, mails: visitor.mails, wakes: [], ...(mail && { mail }) });
      }
    },
  };
}
