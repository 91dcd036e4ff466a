/** How outside identities become a user's: by themselves, only after one of the user's own proofs, or not at all. */
export const GOOGLE_SIGN_INS = ['automatic', 'confirmed', 'off'] as const;

/** What a reseller asks of outside identities. */
export type OutsideRules = {
  /** The Google Workspace domain that accounts at Google have to belong to; null: any account will do. */
  readonly googleHostedDomain: string | null;
  readonly googleSignIn: (typeof GOOGLE_SIGN_INS)[number];
};

/** Where no user, and so no reseller, was found. */
export const NO_RULES: OutsideRules = { googleHostedDomain: null, googleSignIn: 'automatic' };

/** The sign-in rules of a reseller. */
export type SignInSettings = OutsideRules & {
  /** Whether a user without a second factor reaches only /v3/me and the account page. */
  readonly requireTwoFactor: boolean;
};
