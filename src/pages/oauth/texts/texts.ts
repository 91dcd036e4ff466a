import type { IDENTITY_SCOPES } from '../../../model/clients/identity-scope.ts';
import type { Scope } from '../../../model/clients/scope.ts';

/** Every word of the pages of an authorization, in one language. */
export type ConsentTexts = {
  readonly heading: (client: string) => string;
  readonly intro: (client: string, product: string) => string;
  /** What a client may do, after "may:". */
  readonly scopes: Readonly<Record<Scope | (typeof IDENTITY_SCOPES)[number], string>>;
  /** Where the browser goes afterwards. */
  readonly back: (place: string) => string;
  readonly allow: string;
  readonly deny: string;
  readonly signedInAs: (email: string) => string;
  readonly otherAccount: string;
  readonly strangerHeading: string;
  readonly strangerText: string;
  /** Of a request that cannot be answered, and from which host it came. */
  readonly faultHeading: string;
  readonly faultText: (place: string) => string;
  readonly goOn: (place: string) => string;
};
