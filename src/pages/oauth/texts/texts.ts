import type { IDENTITY_SCOPES } from '../../../model/clients/identity-scope.ts';
import type { Scope } from '../../../model/clients/scope.ts';

export type ConsentTexts = {
  readonly heading: (client: string) => string;
  readonly intro: (client: string, product: string) => string;
  readonly scopes: Readonly<Record<Scope | (typeof IDENTITY_SCOPES)[number], string>>;
  readonly back: (place: string) => string;
  readonly allow: string;
  readonly deny: string;
  readonly signedInAs: (email: string) => string;
  readonly otherAccount: string;
  readonly strangerHeading: string;
  readonly strangerText: string;
  readonly faultHeading: string;
  readonly faultText: (place: string) => string;
  readonly goOn: (place: string) => string;
};
