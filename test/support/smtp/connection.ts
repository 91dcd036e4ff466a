import type { Socket } from 'node:net';
import type { SMTPServer, SMTPServerAddress } from 'smtp-server';
import type { Fault, FaultyStep, MailboxOptions } from './options.ts';

/** What a mailbox was sent: every line with whether it came over TLS, and the mails that it took. */
export type Seen = {
  lines: { line: string; secure: boolean }[];
  mails: {
    from: SMTPServerAddress | false;
    to: SMTPServerAddress[];
    /** The method, if somebody signed in. */
    signedInBy: string | null;
    secure: boolean;
    raw: string;
  }[];
  /** Connections that are open. */
  open: number;
};

type Parent = SMTPServer['connections'] extends Set<infer C> ? C : never;
export type Connection = Parent & {
  /** Does what a fault says, if there is one: then nothing else may be done. */
  fails(fault: Fault | undefined): boolean;
};

/** Notes what comes over a connection, and misbehaves at the steps that have a fault. */
export function record(connection: Connection, seen: Seen, { faults = {}, dribble }: MailboxOptions): void {
  if (dribble) sendByteByByte(connection._socket);
  connection.fails = (fault) => {
    if (fault === 'hang up') connection._socket.destroy();
    else if (fault !== undefined && fault !== 'silence') connection._socket.write(fault.say);
    return fault !== undefined;
  };
  const onCommand = connection._onCommand.bind(connection);
  connection._onCommand = (command, callback) => {
    const line = command.toString();
    const { secure } = connection.session;
    seen.lines.push({ line, secure });
    const verb = line.split(' ')[0] as FaultyStep;
    const fault = faults[verb === 'EHLO' && secure ? 'EHLO over TLS' : verb];
    if (connection.fails(fault)) setImmediate(() => callback?.());
    else onCommand(command, callback);
  };
}

function sendByteByByte(socket: Socket): void {
  const write = socket.write.bind(socket);
  let sent = Promise.resolve();
  socket.setNoDelay(true);
  socket.write = (text: string | Uint8Array) => {
    for (const byte of Buffer.from(text as string)) {
      sent = sent.then(async () => {
        write(Buffer.of(byte));
        await new Promise(setImmediate);
      });
    }
    return true;
  };
}
