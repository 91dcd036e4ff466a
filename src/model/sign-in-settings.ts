/** How one signs in to a reseller. */
export type SignInSettings = {
  /** The Google Workspace domain that accounts at Google have to belong to; null: any account will do. */
  readonly googleHostedDomain: string | null;
  /** Whether a user without a second factor may do nothing but set one up. */
  readonly requireTwoFactor: boolean;
};
