/** Codes of static/sign-in/passkey.js. */
export type PasskeyProblem = 'cancelled' | 'refused' | 'limited' | 'offline' | 'failed';

/** Why the sign-in page opens. */
export type SignInNotice = 'again' | 'confirm' | 'passwordChanged' | 'accountDeleted' | 'signedOut';

export type SignInTexts = {
  readonly heading: string;
  readonly email: string;
  readonly password: string;
  readonly submit: string;
  readonly or: string;
  readonly passkey: string;
  readonly provider: (name: string) => string;
  readonly forgotten: string;
  readonly notices: Readonly<Record<SignInNotice, string>>;
  readonly incomplete: string;
  readonly failed: string;

  readonly factorHeading: string;
  readonly factorIntro: string;
  readonly factorPasskeyIntro: string;
  readonly code: string;
  readonly codeHint: string;
  readonly proceed: string;
  readonly recoverySummary: string;
  readonly recoveryCode: string;
  readonly recoveryHint: string;
  readonly factorFailed: string;
  readonly startOver: string;
  readonly scriptless: string;

  readonly forgottenHeading: string;
  readonly forgottenIntro: string;
  readonly sendLink: string;
  readonly emailInvalid: string;
  readonly sentHeading: string;
  readonly sentText: string;
  readonly sentHint: string;
  readonly back: string;

  readonly overHeading: string;
  readonly overText: string;
  readonly foreignHeading: string;
  readonly foreignText: string;
  readonly providerHeading: string;
  readonly providerFailed: (name: string) => string;
  readonly providerDown: (name: string) => string;
  readonly busyHeading: string;
  /** `wait`: such as "3 minutes". */
  readonly busy: (wait: string) => string;
  readonly problems: Readonly<Record<PasskeyProblem, string>>;
};
