import { allowIdentity, unlinkIdentity } from '../../domain/factors/external-identity.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { seeOther } from '../redirect.ts';
import { answerAccount } from './visit.ts';

/** `POST /account/provider/unlink`: signs in by the outside provider no more. */
export function unlinkProvider(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (call) => {
      await unlinkIdentity(call);
      return seeOther('/account?done=providerUnlinked');
    },
  });
}

/** `POST /account/provider/allow`: lets an account there be linked again. */
export function allowProvider(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (call) => {
      await allowIdentity(call);
      return seeOther('/account?done=providerAllowed');
    },
  });
}
