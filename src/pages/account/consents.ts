import { withdrawConsent } from '../../domain/clients/consents.ts';
import type { Exchange } from '../../http/exchange.ts';
import { seeOther } from '../redirect.ts';
import { answerAccount } from './visit.ts';

/** `POST /account/consents/withdraw`: lets an application act for the user no more. */
export function withdraw(exchange: Exchange): Promise<Response> {
  return answerAccount(exchange, {
    perform: async (call, { id = '' }) => {
      await withdrawConsent(call, id);
      return seeOther('/account?done=consentWithdrawn');
    },
  });
}
