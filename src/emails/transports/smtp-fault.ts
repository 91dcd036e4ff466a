import { EmailFault } from './email-fault.ts';

const STEP_FAILURES = {
  waitForSocketConnected: 'could not connect',
  greet: 'no greeting',
  ehlo: 'greeting refused',
  tls: 'STARTTLS failed',
  auth: 'sign-in failed',
  mail: 'sender refused',
  rcpt: 'recipient refused',
  data: 'message refused before it was sent',
  body: 'message refused',
} as const;

export type SmtpStep = keyof typeof STEP_FAILURES;

const MAIL_STEPS: readonly SmtpStep[] = ['mail', 'rcpt', 'data', 'body'];
/** RFC 4954 §6, RFC 3207 §4: the operator must fix the credentials or TLS. */
const SETTINGS_CODES = ['530', '534', '535', '538'];

/** `reply` per RFC 5321 §4.2.1; empty: none. Only errors about this mail are permanent. */
export function smtpFault(step: SmtpStep, reply: string): EmailFault {
  const [, code, enhanced] = /^([45]\d\d)(?:[ -](\d\.\d{1,3}\.\d{1,3})\b)?/.exec(reply) ?? [];
  if (code === undefined)
    return new EmailFault('transient', `${STEP_FAILURES[step]}: ${reply === '' ? 'connection lost' : 'unknown reply'}`);
  const permanent = code.startsWith('5') && MAIL_STEPS.includes(step) && !SETTINGS_CODES.includes(code);
  const reason = [`${STEP_FAILURES[step]}: ${code}`, enhanced].filter(Boolean).join(' ');
  return new EmailFault(permanent ? 'permanent' : 'transient', reason);
}
