import { Email, LogLevel } from 'worker-mailer';
import type { SmtpSettings } from '../../model/emails/smtp-url.ts';
import { MAIL_QUIT_MS, SMTP_REPLY_MAX_CHARS } from '../../model/limits/index.ts';
import { EmailFault } from './fault.ts';
import type { Message } from './message.ts';
import { faultOf, type SmtpStep } from './smtp-fault.ts';
import { isAscii } from './wire-address.ts';
import { within } from './within.ts';
import { Package } from './worker-mailer.ts';

/** A whole reply of RFC 5321 §4.2.1: lines with a hyphen behind the code, and one without. */
const REPLY = /^(?:\d{3}-[^\n]*\n)*(?!\d{3}-)[^\n]*\n/;

/** One dialogue with a mail server: worker-mailer, where it keeps to SMTP. */
export class MendedMailer extends Package {
  readonly #steps: readonly SmtpStep[];
  #unread = '';
  /** The last whole reply; empty while one is awaited. */
  #reply = '';
  #offers: readonly string[] = [];

  constructor({ host, port, secure, startTls, credentials }: SmtpSettings) {
    super({
      host,
      port,
      secure,
      startTls,
      authType: ['plain', 'login'],
      // It would log addresses and what the server says.
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

  /** Sends one message. Throws a MailFault: the package's errors hold addresses and stay here. */
  async deliver(message: Message): Promise<void> {
    this.emailSending = new Email(message);
    for (const step of this.#steps) {
      try {
        await this[step]();
      } catch (error) {
        throw error instanceof EmailFault ? error : faultOf(step, this.#reply);
      }
    }
  }

  /** Takes leave where the server listens, and closes the socket in any case. Never throws. */
  async leave(): Promise<void> {
    if (this.#reply !== '') await within(MAIL_QUIT_MS, this.#ask('QUIT')).catch(() => undefined);
    // Not awaited: after STARTTLS it may never end (worker-mailer issue 28).
    this.socket.close().catch(() => undefined);
  }

  override write(text: string): Promise<void> {
    this.#reply = '';
    return super.write(text);
  }

  /** The package reads on for ever once the server has hung up, and loses what comes along with a reply. */
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

  /** The whole dialogue has one limit; the package's timers, one for each reply, are never cleared. */
  override readTimeout(): Promise<string> {
    return this.read();
  }

  /** The same holds here. */
  override async waitForSocketConnected(): Promise<void> {
    await this.socket.opened;
  }

  /** The package names itself `127.0.0.1` without the brackets (RFC 5321 §4.1.3), and finds offers in a server's name. */
  override async ehlo(): Promise<void> {
    const [, ...offers] = (await this.#ask('EHLO [127.0.0.1]')).trimEnd().split('\n');
    this.#offers = offers.map((line) => line.slice('250-'.length).trim().toUpperCase());
  }

  /** The package goes on in clear if TLS is not offered, and believes what was offered in clear (RFC 3207 §4.2). */
  override async tls(): Promise<void> {
    if (!this.#offers.includes('STARTTLS')) throw new EmailFault('transient', 'STARTTLS is not offered');
    await super.tls();
    // CVE-2011-0411: somebody on the way may have said it.
    if (this.#unread !== '') throw new EmailFault('transient', 'STARTTLS failed: words in clear behind the reply');
    await this.ehlo();
  }

  /** The package sends the mail without a sign-in if none is offered. */
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

  /** The package puts a space behind the colon (RFC 5321 §3.3), and knows no addresses in other letters (RFC 6531). */
  override async mail(): Promise<void> {
    const { from, to, headers } = this.emailSending;
    const ascii = [from.email, ...to.map(({ email }) => email), headers['Reply-To'] ?? ''].every(isAscii);
    if (!ascii && !this.#offers.includes('SMTPUTF8'))
      throw new EmailFault('permanent', 'the server takes ASCII addresses only');
    await this.#ask(`MAIL FROM:<${from.email}>${ascii ? '' : ' SMTPUTF8'}`);
  }

  /** The package adds `NOTIFY=NEVER` where the server knows DSN: nobody would hear that a mail came back. */
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

/** The bytes of a text as characters: the package puts them through btoa, which knows no others (RFC 4616 §2: UTF-8). */
function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}
