/** The step at which a mailbox does something else: hangs up, says nothing, or says these words. */
export type Fault = 'hang up' | 'silence' | { say: string };
export type FaultyStep =
  | 'greeting'
  | 'EHLO'
  | 'EHLO over TLS'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'body'
  | 'QUIT';
export type MailboxOptions = {
  tls?: 'starttls' | 'implicit' | 'none';
  /** How one signs in, as `user` with `pässword`. None: nobody has to. */
  methods?: ('PLAIN' | 'LOGIN' | 'CRAM-MD5')[];
  name?: string;
  utf8?: boolean;
  faults?: { [step in FaultyStep]?: Fault };
  /** Replies come byte by byte. */
  dribble?: boolean;
};
