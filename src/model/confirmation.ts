/** A mail that asks a user with the role of subscribers whether to send status updates. */
export type Confirmation = {
  readonly id: string;
  readonly eventId: string;
  readonly resellerId: string;
  readonly userId: string;
  readonly recipient: { readonly key: string };
  readonly addressHash: string;
};
