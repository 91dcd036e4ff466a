import type { ServerResponse } from 'node:http';

export type Behaviour = {
  /** What an honest log says of it. */
  readonly statusCode: number | null;
  readonly reason: string;
  readonly act: (response: ServerResponse) => void;
};

const answered = (statusCode: number, act: Behaviour['act']): Behaviour => ({
  statusCode,
  reason: statusCode < 300 ? 'delivered' : `answered ${statusCode}`,
  act,
});
const simple = (status: number, body = '', headers: Record<string, string> = {}) =>
  answered(status, (response) => response.writeHead(status, headers).end(body));
const unanswered = (reason: string, act: Behaviour['act']): Behaviour => ({ statusCode: null, reason, act });

/** Ends the connection after these bytes, whatever they are. */
const raw = (text: string) => (response: ServerResponse) =>
  response.socket?.end(text, () => response.socket?.destroy());
const broken = (status: string) => raw(`HTTP/1.1 ${status}\r\nContent-Length: 1000\r\n\r\nthe beginn`);

function stream(response: ServerResponse): void {
  response.writeHead(200);
  const more = setInterval(() => response.write('x'.repeat(1000)), 1);
  response.on('close', () => clearInterval(more));
}

/** What receivers do to a request once they have read it. */
export const behaviours = {
  ok: simple(200, 'thank you'),
  empty: simple(204),
  slow: answered(200, (response) => void setTimeout(() => response.end('at last'), 10)),
  brokenBody: answered(200, broken('200 OK')),
  endlessBody: answered(200, stream),
  stalledBody: answered(200, (response) => void response.writeHead(200).write('the beginn')),
  failing: simple(500, 'oh no'),
  failingBroken: answered(502, broken('502 Bad Gateway')),
  unavailable: simple(503, '', { 'Retry-After': '120' }),
  overloaded: simple(429),
  redirect: simple(302, '', { Location: '/at/trap' }),
  reset: unanswered('could not connect', (response) => void response.socket?.resetAndDestroy()),
  cut: unanswered('could not connect', raw('HTTP/1.1 2')),
  garbage: unanswered('could not connect', raw('220 mail.example.com ESMTP\r\n')),
  silent: unanswered('no answer within 15 s', () => {}),
  abort: simple(400, '', { 'webhook-delivery': 'abort-message' }),
  disable: simple(200, '', { 'webhook-delivery': 'disable' }),
  gone: simple(410),
} satisfies Record<string, Behaviour>;

export type BehaviourName = keyof typeof behaviours;
export type Weights = Readonly<Partial<Record<BehaviourName, number>>>;
