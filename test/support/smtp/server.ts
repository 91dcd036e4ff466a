import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { type Connection, record, type Seen } from './connection.ts';
import type { MailboxOptions } from './options.ts';

const tlsFile = (name: string) => readFileSync(join(import.meta.dirname, name));

/** A mail server on loopback that can be told to misbehave, and what it was sent. */
export async function startMailbox(options: MailboxOptions) {
  const { tls = 'starttls', methods = ['PLAIN', 'LOGIN'], faults = {} } = options;
  const seen: Seen = { lines: [], mails: [], open: 0 };
  const server = new SMTPServer({
    name: options.name ?? 'mail.test',
    secure: tls === 'implicit',
    key: tlsFile('localhost.key'),
    cert: tlsFile('localhost.crt'),
    authMethods: methods,
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(methods.length === 0 ? ['AUTH'] : [])],
    hideSMTPUTF8: !options.utf8,
    hideDSN: false,
    disableReverseLookup: true,
    onConnect(session, callback) {
      seen.open += 1;
      const connection = [...server.connections].find(({ id }) => id === session.id) as Connection;
      record(connection, seen, options);
      if (!connection.fails(faults.greeting)) callback();
    },
    onClose() {
      seen.open -= 1;
    },
    onAuth({ method, username, password }, _session, callback) {
      const user = username === 'user' && password === 'pässword' ? method : '';
      callback(null, { user });
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const connection = [...server.connections].find(({ id }) => id === session.id) as Connection;
        if (connection.fails(faults.body)) return;
        const { mailFrom, rcptTo } = session.envelope;
        const raw = Buffer.concat(chunks).toString();
        seen.mails.push({ from: mailFrom, to: rcptTo, signedInBy: session.user ?? null, secure: session.secure, raw });
        callback(null, 'queued');
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', () => ready()));
  return {
    seen,
    port: (server.server.address() as AddressInfo).port,
    close() {
      for (const connection of server.connections) connection._socket.destroy();
      server.server.close();
    },
  };
}
