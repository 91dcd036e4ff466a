import { otpauthUri } from '../../auth/secrets/totp.ts';
import { createRecoveryCodes, disableTotp, enableTotpWithCodes, startTotp } from '../../domain/factors/totp.ts';
import { displayBranding } from '../../html/display-branding.ts';
import type { RequestContext } from '../../http/request-context.ts';
import type { Failure } from '../../model/failure.ts';
import { FACTOR_CODE_MAX_CHARS, TOTP_DIGITS } from '../../model/limits/index.ts';
import { seeOther } from '../redirect.ts';
import { SIGN_IN_TEXTS } from '../sign-in/texts/index.ts';
import { codesPage, setUpPage } from './app-pages.ts';
import { ACCOUNT_TEXTS } from './texts/index.ts';
import type { AccountVisit } from './view.ts';
import { answerAccount } from './visit.ts';

/** `POST /account/app`: shows a fresh secret for an authenticator app. */
export function setUpApp(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (visit) => setUpPage(visit, await startTotp(visit.caller), null),
  });
}

/** `POST /account/app/enable`: takes the app's first code, and shows recovery codes. After a wrong one the page shows the same secret, sent along. */
export function enableApp(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (visit, { code = '' }) => {
      const codes = await enableTotpWithCodes(visit.caller, code.slice(0, FACTOR_CODE_MAX_CHARS));
      return codesPage(visit, codes, ACCOUNT_TEXTS[visit.language].appEnabled);
    },
    explain: (failure, visit, { secret = '' }) => {
      if (failure.kind !== 'sign_in_failed' || !/^[A-Z2-7]{16,64}$/.test(secret)) return null;
      return setUpPage(visit, { secret, otpauthUri: addressOf(visit, secret) }, wrong(failure, visit));
    },
  });
}

/** `POST /account/app/disable`: asks for no more codes. */
export function disableApp(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async ({ caller }, { disable = '' }) => {
      await disableTotp(caller, factorIn(disable));
      return seeOther('/account?done=twoFactorDisabled');
    },
    explain: (failure, visit) => problemIn('disable', failure, visit),
  });
}

/** `POST /account/recovery-codes`: shows ten fresh ones, once. */
export function showCodes(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (visit, { codes = '' }) =>
      codesPage(visit, await createRecoveryCodes(visit.caller, codes.slice(0, FACTOR_CODE_MAX_CHARS))),
    explain: (failure, visit) => problemIn('codes', failure, visit),
  });
}

/** One field takes both: recovery codes are longer than any code of an app. */
function factorIn(typed: string) {
  const text = typed.trim().slice(0, FACTOR_CODE_MAX_CHARS);
  return text.replace(/\s/g, '').length > TOTP_DIGITS ? { recoveryCode: text } : { code: text };
}

function addressOf({ signedIn: { member, branding } }: AccountVisit, secret: string): string {
  return otpauthUri(secret, { issuer: displayBranding(branding).product, account: member.email });
}

function problemIn(field: string, failure: Failure, visit: AccountVisit) {
  const text = wrong(failure, visit);
  return text === null ? null : { field, text };
}

const wrong = ({ kind }: Failure, { language }: AccountVisit) =>
  kind === 'sign_in_failed' ? SIGN_IN_TEXTS[language].factorFailed : null;
