import type { SendResult } from '../../model/emails/email.ts';

/** `reason` is logged: no addresses, no server replies. */
export class EmailFault extends Error {
  readonly kind: 'transient' | 'permanent';

  constructor(kind: 'transient' | 'permanent', reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** Other errors may hold anything, so their text is dropped. */
export function failedResult(error: unknown): SendResult {
  return error instanceof EmailFault
    ? { kind: error.kind, reason: error.message }
    : { kind: 'transient', reason: 'the transport failed' };
}
