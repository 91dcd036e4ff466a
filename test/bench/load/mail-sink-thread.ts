/**
 * The thread of mail-sink.ts: as much of a mail server (RFC 5321) as takes mails and counts them. smtp-server waits 100 ms
 * before each greeting, which is all that would be measured.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import type { SinkProgress } from './mail-sink.ts';

const recipients = new Set<string>();
let mails = 0;
let lastAt = 0;

const server = createServer((socket) => {
  let unread = '';
  let inMessage = false;
  const say = (text: string) => socket.write(`${text}\r\n`);
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    unread += bytes.toString('latin1');
    for (;;) {
      const end = inMessage ? '\r\n.\r\n' : '\r\n';
      const at = unread.indexOf(end);
      if (at < 0) return;
      const part = unread.slice(0, at);
      unread = unread.slice(at + end.length);
      if (inMessage) take();
      else inMessage = answer(part, say, socket);
    }
  });
  say('220 sink.test ESMTP');

  function take(): void {
    inMessage = false;
    mails += 1;
    lastAt = Date.now();
    say('250 queued');
  }
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));

/** Answers a command; gives whether a message follows. */
function answer(line: string, say: (text: string) => void, socket: Socket): boolean {
  const verb = line.slice(0, 4).toUpperCase();
  if (verb === 'RCPT') recipients.add(/<(.*)>/.exec(line)?.[1] ?? '');
  if (verb === 'QUIT') socket.end('221 bye\r\n');
  else say(verb === 'DATA' ? '354 go on' : '250 ok');
  return verb === 'DATA';
}

parentPort?.on('message', () => {
  parentPort?.postMessage({ mails, recipients: recipients.size, lastAt } satisfies SinkProgress);
});
