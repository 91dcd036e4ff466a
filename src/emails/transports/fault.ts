import type { SendResult } from '../../model/emails/email.ts';

/** A mail that did not go, and whether it may later. The reason is for the operator: no addresses, no server's words. */
export class EmailFault extends Error {
  readonly kind: 'transient' | 'permanent';

  constructor(kind: 'transient' | 'permanent', reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** What is known of a failure. An error of another kind may hold anything, so its text stays here. */
export function failureOf(error: unknown): SendResult {
  return error instanceof EmailFault
    ? { kind: error.kind, reason: error.message }
    : { kind: 'transient', reason: 'the transport failed' };
}
