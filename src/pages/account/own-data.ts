import { deleteOwnAccount, exportOwnData } from '../../domain/users/own-account.ts';
import { setCookie } from '../../http/cookies.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { OwnExport } from '../../model/users/own-export.ts';
import { ACCOUNT_GOAL, sendToSignIn } from '../sign-in/begin.ts';
import { explainMembership } from './changes.ts';
import { answerAccount } from './visit.ts';

export function exportData(context: RequestContext, present: (data: OwnExport) => object): Promise<Response> {
  return answerAccount(context, {
    perform: async ({ caller }) =>
      new Response(JSON.stringify(present(await exportOwnData(caller)), null, 2), {
        headers: {
          'Content-Type': 'application/json',
          'Content-Disposition': 'attachment; filename="account.json"',
        },
      }),
  });
}

export function deleteAccount(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async ({ caller }) => {
      await deleteOwnAccount(caller);
      const cookie = setCookie(context.env, 'session', '', 0);
      return sendToSignIn(context, ACCOUNT_GOAL, null, { notice: 'accountDeleted', cookie });
    },
    explain: explainMembership,
  });
}
