import { withdrawConsent } from '../../domain/clients/consents.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { seeOther } from '../redirect.ts';
import { answerAccount } from './visit.ts';

/** `POST /account/consents/withdraw`: lets an application act for the user no more. */
export function withdraw(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (call, { id = '' }) => {
      await withdrawConsent(call, id);
      return seeOther('/account?done=consentWithdrawn');
    },
  });
}
