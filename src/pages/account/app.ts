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

export function setUpApp(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (visit) => setUpPage(visit, await startTotp(visit.caller), null),
  });
}

/** A wrong code shows the same secret again, which the form sends along. */
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

export function disableApp(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async ({ caller }, { disable = '' }) => {
      await disableTotp(caller, factorIn(disable));
      return seeOther('/account?done=twoFactorDisabled');
    },
    explain: (failure, visit) => problemIn('disable', failure, visit),
  });
}

export function showCodes(context: RequestContext): Promise<Response> {
  return answerAccount(context, {
    perform: async (visit, { codes = '' }) =>
      codesPage(visit, await createRecoveryCodes(visit.caller, codes.slice(0, FACTOR_CODE_MAX_CHARS))),
    explain: (failure, visit) => problemIn('codes', failure, visit),
  });
}

/** Recovery codes are longer than any app code. */
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
