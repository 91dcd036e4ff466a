/** A mail that asks somebody who was given the role of subscribers whether to get status updates. */
export type Confirmation = {
  readonly id: string;
  readonly eventId: string;
  readonly resellerId: string;
  readonly userId: string;
  readonly recipient: { readonly key: string };
  readonly addressHash: string;
};
