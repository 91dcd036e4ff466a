/** The sign-in rules of a reseller. */
export type SignInSettings = {
  /** The Google Workspace domain that accounts at Google have to belong to; null: any account will do. */
  readonly googleHostedDomain: string | null;
  /** Whether a user without a second factor reaches only /v3/me and the account page. */
  readonly requireTwoFactor: boolean;
};
