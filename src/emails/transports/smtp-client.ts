import { Email, LogLevel } from 'worker-mailer';
import type { SmtpSettings } from '../../model/emails/smtp-url.ts';
import { MAIL_QUIT_MS, SMTP_REPLY_MAX_CHARS } from '../../model/limits/index.ts';
import { EmailFault } from './email-fault.ts';
import { type SmtpStep, smtpFault } from './smtp-fault.ts';
import type { SmtpMessage } from './smtp-message.ts';
import { isAscii } from './wire-address.ts';
import { withTimeout } from './with-timeout.ts';
import { OpenWorkerMailer } from './worker-mailer.ts';

/** RFC 5321 §4.2.1. */
const REPLY = /^(?:\d{3}-[^\n]*\n)*(?!\d{3}-)[^\n]*\n/;

/** worker-mailer 1.2.1 with its protocol bugs fixed. */
export class SmtpClient extends OpenWorkerMailer {
  readonly #steps: readonly SmtpStep[];
  #unread = '';
  /** Empty while a reply is awaited. */
  #reply = '';
  #offers: readonly string[] = [];

  constructor({ host, port, secure, startTls, credentials }: SmtpSettings) {
    super({
      host,
      port,
      secure,
      startTls,
      authType: ['plain', 'login'],
      // It would log addresses and replies.
      logLevel: LogLevel.NONE,
      ...(credentials && {
        credentials: { username: utf8(credentials.username), password: utf8(credentials.password) },
      }),
    });
    this.#steps = [
      'waitForSocketConnected',
      'greet',
      'ehlo',
      ...(startTls ? (['tls'] as const) : []),
      ...(credentials ? (['auth'] as const) : []),
      'mail',
      'rcpt',
      'data',
      'body',
    ];
  }

  /** Throws an EmailFault: the package's errors hold addresses. */
  async deliver(message: SmtpMessage): Promise<void> {
    this.emailSending = new Email(message);
    for (const step of this.#steps) {
      try {
        await this[step]();
      } catch (error) {
        throw error instanceof EmailFault ? error : smtpFault(step, this.#reply);
      }
    }
  }

  /** Never throws. */
  async leave(): Promise<void> {
    if (this.#reply !== '') await withTimeout(MAIL_QUIT_MS, this.#ask('QUIT')).catch(() => undefined);
    // Not awaited: after STARTTLS it may never settle.
    this.socket.close().catch(() => undefined);
  }

  override write(text: string): Promise<void> {
    this.#reply = '';
    return super.write(text);
  }

  /** The package never returns after a disconnect, and drops data after a reply. */
  override async read(): Promise<string> {
    for (;;) {
      const reply = REPLY.exec(this.#unread)?.[0];
      if (reply !== undefined) {
        this.#unread = this.#unread.slice(reply.length);
        this.#reply = reply;
        return reply;
      }
      if (this.#unread.length > SMTP_REPLY_MAX_CHARS) throw new Error('endless reply');
      const { value, done } = await this.reader.read();
      if (done) throw new Error('hung up');
      this.#unread += Buffer.from(value).toString('latin1');
    }
  }

  /** The package never clears its timers; the whole dialogue has one limit. */
  override readTimeout(): Promise<string> {
    return this.read();
  }

  override async waitForSocketConnected(): Promise<void> {
    await this.socket.opened;
  }

  /** The package omits the brackets (RFC 5321 §4.1.3) and finds extensions in the server's name. */
  override async ehlo(): Promise<void> {
    const [, ...offers] = (await this.#ask('EHLO [127.0.0.1]')).trimEnd().split('\n');
    this.#offers = offers.map((line) => line.slice('250-'.length).trim().toUpperCase());
  }

  /** The package continues without TLS, and keeps the plaintext extensions (RFC 3207 §4.2). */
  override async tls(): Promise<void> {
    if (!this.#offers.includes('STARTTLS')) throw new EmailFault('transient', 'STARTTLS is not offered');
    await super.tls();
    // CVE-2011-0411: an attacker may have injected it.
    if (this.#unread !== '') throw new EmailFault('transient', 'STARTTLS failed: words in clear behind the reply');
    await this.ehlo();
  }

  /** The package sends without authentication if none is offered. */
  override async auth(): Promise<void> {
    const methods = this.#offers.flatMap((offer) =>
      /^AUTH[ =]/.test(offer) ? offer.toLowerCase().split(/[ =]+/) : [],
    );
    if (!methods.some((method) => method === 'plain' || method === 'login'))
      throw new EmailFault('transient', 'sign-in by PLAIN or LOGIN is not offered');
    this.allowAuth = true;
    this.authTypeSupported = methods;
    await super.auth();
  }

  /** The package adds a space after the colon (RFC 5321 §3.3) and lacks SMTPUTF8 (RFC 6531). */
  override async mail(): Promise<void> {
    const { from, to, headers } = this.emailSending;
    const ascii = [from.email, ...to.map(({ email }) => email), headers['Reply-To'] ?? ''].every(isAscii);
    if (!ascii && !this.#offers.includes('SMTPUTF8'))
      throw new EmailFault('permanent', 'the server takes ASCII addresses only');
    await this.#ask(`MAIL FROM:<${from.email}>${ascii ? '' : ' SMTPUTF8'}`);
  }

  /** The package suppresses bounces with `NOTIFY=NEVER`. */
  override async rcpt(): Promise<void> {
    for (const { email } of this.emailSending.to) await this.#ask(`RCPT TO:<${email}>`);
  }

  async #ask(line: string): Promise<string> {
    await this.writeLine(line);
    const reply = await this.read();
    if (!reply.startsWith('2')) throw new Error('refused');
    return reply;
  }
}

/** The package uses btoa; RFC 4616 §2 requires UTF-8. */
function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}
