export const GOOGLE_SIGN_INS = ['automatic', 'confirmed', 'off'] as const;

export type OutsideRules = {
  readonly googleHostedDomain: string | null;
  readonly googleSignIn: (typeof GOOGLE_SIGN_INS)[number];
};

export const NO_RULES: OutsideRules = { googleHostedDomain: null, googleSignIn: 'automatic' };

export type SignInSettings = OutsideRules & {
  /** Without a second factor, users reach only /v3/me and the account page. */
  readonly requireTwoFactor: boolean;
};
