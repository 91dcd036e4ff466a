/** A browser that a user has signed in with, as its cookie says. */
export type Device = {
  readonly userId: string;
  /** Of this cookie alone: what is counted by it locks no other. */
  readonly nonce: string;
};
