import { type Email, WorkerMailer, type WorkerMailerOptions } from 'worker-mailer';

/** The internals of worker-mailer 1.2.1, whose version is pinned. */
export interface WorkerMailerInternals {
  readonly socket: Socket;
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  allowAuth: boolean;
  authTypeSupported: string[];
  emailSending: Email;
  writeLine(line: string): Promise<void>;
  write(text: string): Promise<void>;
  read(): Promise<string>;
  readTimeout(): Promise<string>;
  waitForSocketConnected(): Promise<void>;
  greet(): Promise<void>;
  ehlo(): Promise<void>;
  tls(): Promise<void>;
  auth(): Promise<void>;
  mail(): Promise<void>;
  rcpt(): Promise<void>;
  data(): Promise<void>;
  body(): Promise<void>;
}

/** Its typings declare all members private. */
export const OpenWorkerMailer = WorkerMailer as unknown as new (options: WorkerMailerOptions) => WorkerMailerInternals;
