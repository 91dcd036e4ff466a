/** Values of the page's query parameter. */
export type AccountNotice =
  | 'passkeyAdded'
  | 'passkeyRemoved'
  | 'providerUnlinked'
  | 'providerAllowed'
  | 'membershipAccepted'
  | 'membershipDeclined'
  | 'membershipLeft'
  | 'twoFactorDisabled'
  | 'sessionEnded'
  | 'sessionsEnded'
  | 'consentWithdrawn';

export type AccountTexts = {
  readonly heading: string;
  readonly name: string;
  readonly signOut: string;
  readonly back: string;
  readonly done: Readonly<Record<AccountNotice, string>>;
  readonly meanwhile: string;
  /** The reseller requires a second factor. */
  readonly factorDue: string;

  readonly password: string;
  readonly passwordEffect: string;
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly passwordRule: string;
  readonly changePassword: string;
  readonly passwordWrong: string;
  readonly passwordWeak: string;

  readonly app: string;
  readonly appOff: string;
  readonly appOn: string;
  readonly appSetUp: string;
  readonly appDisable: string;
  readonly appScan: string;
  readonly appSecret: string;
  readonly appEnable: string;
  readonly appEnabled: string;

  readonly codes: string;
  readonly codesText: string;
  readonly codesCreate: string;
  readonly codesShown: string;

  readonly passkeys: string;
  readonly passkeysText: string;
  readonly passkeyName: string;
  readonly passkeyNameHint: string;
  readonly passkeyAdd: string;
  readonly passkeyAgain: string;
  readonly passkeyKnown: string;
  readonly passkeyRefused: string;
  readonly added: (when: string) => string;
  readonly used: (when: string) => string;
  readonly neverUsed: string;
  readonly remove: string;

  /** `name` is HTML. */
  readonly providerText: (name: string) => string;
  readonly providerUnlink: string;
  readonly providerUnlinkedText: (name: string) => string;
  readonly providerAllow: string;

  readonly sessions: string;
  readonly sessionsText: string;
  readonly current: string;
  readonly client: string;
  readonly since: (when: string) => string;
  readonly end: string;
  readonly endOthers: string;
  /** An API client of another reseller. */
  readonly otherApplication: string;

  readonly consents: string;
  readonly consentsText: string;
  readonly granted: (when: string) => string;
  readonly withdraw: string;
};
