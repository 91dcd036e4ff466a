import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startMailbox } from '../smtp/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    mailboxes: string;
  }
}

/**
 * Real mail servers on loopback, in Node. `POST` starts one with the options in the body and answers its port;
 * `GET /{port}` answers what it was sent.
 */
export default async function mailboxes(project: TestProject) {
  const started = new Map<string, Awaited<ReturnType<typeof startMailbox>>>();
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') return response.end(JSON.stringify(started.get(request.url ?? '')?.seen));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const mailbox = await startMailbox(JSON.parse(Buffer.concat(chunks).toString()));
    started.set(`/${mailbox.port}`, mailbox);
    response.end(JSON.stringify(mailbox.port));
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  project.provide('mailboxes', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return () => {
    for (const mailbox of started.values()) mailbox.close();
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
}
