import type * as v from 'valibot';
import type { AnonymousContext } from '../../domain/sign-in/anonymous-context.ts';
import { ANYONE } from '../../model/clients/scope.ts';
import { openAnonymousContext } from '../callers/anonymous-context.ts';
import type { NetworkPolicy } from '../rate-limits/policies.ts';
import { limitNetwork } from '../rate-limits/rate-limit.ts';
import { reply } from '../reply.ts';
import { publicAddress } from '../request-context.ts';
import { encodeReply, type Input, type Route, type RouteDeclaration, readInput } from './route.ts';

export function openRoute<
  Result,
  P extends v.GenericSchema | undefined = undefined,
  Q = undefined,
  B extends v.GenericSchema | undefined = undefined,
  R extends v.GenericSchema | undefined = undefined,
>(
  declaration: Omit<RouteDeclaration<P, Q, B, R, Result>, 'scope'> & {
    readonly limit: NetworkPolicy;
  },
  handler: (anonymous: AnonymousContext, input: Input<P, Q, B>, request: Request) => Promise<Result>,
): Route {
  return {
    ...declaration,
    scope: ANYONE,
    async handle(context, _, raw) {
      await limitNetwork(context, declaration.limit);
      const { input } = await readInput(declaration, context, raw);
      const anonymous = openAnonymousContext(context);
      try {
        const result = await handler(anonymous, input, context.request);
        const { status, text } = encodeReply(declaration, result, context.now);
        return reply(status, text, declaration.headers?.(result, publicAddress(context)));
      } finally {
        const [mail] = anonymous.pendingEmailIds;
        context.runAfterCommit({
          eventIds: anonymous.eventIds,
          emailIds: anonymous.emailIds,
          tasks: [],
          ...(mail && { mail }),
        });
      }
    },
  };
}
