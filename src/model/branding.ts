/** How a reseller shows itself in mails and pages (contracts: accounts, Branding). */
export type Branding = {
  readonly productName: string;
  /** As `#rrggbb`. */
  readonly primaryColor: string;
  /** An https address, fetched by nobody but the reader's mail program. */
  readonly logoUrl: string | null;
  readonly supportEmail: string | null;
  /** The name that mails come from. */
  readonly senderName: string;
};
