export type Device = {
  readonly userId: string;
  readonly nonce: string;
};
