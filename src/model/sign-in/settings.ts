export const GOOGLE_SIGN_INS = ['automatic', 'confirmed', 'off'] as const;

export type ExternalIdentityRules = {
  readonly googleHostedDomain: string | null;
  readonly googleSignIn: (typeof GOOGLE_SIGN_INS)[number];
};

export const NO_RULES: ExternalIdentityRules = { googleHostedDomain: null, googleSignIn: 'automatic' };

export type SignInSettings = ExternalIdentityRules & {
  /** Without a second factor, users reach only /v3/me and the account page. */
  readonly requireTwoFactor: boolean;
};
