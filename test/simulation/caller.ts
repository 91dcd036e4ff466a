import type { Json } from '../support/api.ts';
import type { Client } from '../support/world.ts';
import type { Simulation } from './simulation.ts';

const TOKEN_RENEWED_MS = 10 * 60_000;
const TRIES = 60;

export type Question = {
  readonly method: string;
  readonly path: string;
  readonly body?: object | string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
};
export type Answer = { readonly status: number; readonly body: Json; readonly text: string };
/** How many attempts went unanswered beside the answer, if there is any: each may have been done. */
export type Asked = { readonly answer: Answer | null; readonly doubts: number };
export type Caller = { readonly authorization: (simulation: Simulation, path: string) => Promise<string> };

/** Somebody who repeats what may not have arrived, who never does, and who sends everything twice at once. */
type Manner = 'careful' | 'careless' | 'hasty';
const MANNERS: Readonly<Record<Manner, number>> = { careful: 70, careless: 20, hasty: 10 };

/** Calls by an API client: with a token, or with its key where there is a choice. */
export function callerOf({ id, secret }: Client): Caller {
  let token: { text: string; until: number } | undefined;
  return {
    async authorization(simulation, path) {
      const { clock, random } = simulation.world;
      if (path.startsWith('/reseller/') && random.chance(0.5)) return `ApiKey ${id}.${secret}`;
      if (token === undefined || token.until < clock.nowMs) {
        const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
        const { answer } = await post(simulation, '/oauth/token', new URLSearchParams(form));
        token = { text: answer!.body.access_token, until: clock.nowMs + TOKEN_RENEWED_MS };
      }
      return `Bearer ${token.text}`;
    },
  };
}

/** A request without a credential, until it is answered. */
export function post(simulation: Simulation, path: string, body: URLSearchParams | object, persistent = true) {
  const form = body instanceof URLSearchParams;
  const headers: HeadersInit = form ? {} : { 'Content-Type': 'application/json' };
  const init = { method: 'POST', headers, body: form ? body : JSON.stringify(body) };
  return persist(simulation, path, init, persistent ? TRIES : 1);
}

/** A request in one manner or another, each POST under a key. What comes of it is noted. */
export async function ask(simulation: Simulation, caller: Caller, question: Question): Promise<Asked> {
  const { world, trace, problems } = simulation;
  const { method, path, body } = question;
  const manner = world.random.weighed(MANNERS);
  const init = await initOf(simulation, caller, question);
  const hasty = manner === 'hasty' && method !== 'DELETE' && typeof body !== 'string';
  const attempt = () => persist(simulation, path, init, 1);
  const twins = hasty ? await Promise.all([attempt(), attempt()]) : [];
  const asked = await persist(simulation, path, init, manner === 'careless' ? 1 : TRIES);
  const { answer, doubts } = asked;
  trace.push(
    `${method} ${path} ${said(body)} ${manner}: ${answer?.status ?? 'no answer'}${doubts > 0 ? `, ${doubts} lost` : ''}`,
  );
  if (method === 'POST' && answer !== null && answer.status < 300 && world.random.chance(0.2)) {
    const again = await persist(simulation, path, init, TRIES);
    if (again.answer?.text !== answer.text)
      problems.push(`${method} ${path} again: ${again.answer?.status} ${again.answer?.text}`);
  }
  const lost = twins.filter((twin) => twin.answer === null).length;
  return { answer, doubts: doubts + lost };
}

/** What is there, whatever fails on the way. */
export async function look(simulation: Simulation, caller: Caller, path: string): Promise<Answer> {
  const { answer } = await persist(simulation, path, await initOf(simulation, caller, { method: 'GET', path }), TRIES);
  return answer!;
}

/** Whether it was done; null: nobody knows. A refusal other than these is a problem. */
export function wasDone(
  { problems, trace }: Simulation,
  { answer }: Asked,
  refusals: readonly number[] = [],
): boolean | null {
  if (answer === null) return null;
  if (answer.status < 300) return true;
  if (!refusals.includes(answer.status)) problems.push(`${trace.at(-1)}: ${answer.text}`);
  return false;
}

async function initOf(simulation: Simulation, caller: Caller, question: Question): Promise<RequestInit> {
  const { method, path, body, type = 'application/json', headers } = question;
  const key = method === 'POST' ? { 'Idempotency-Key': simulation.world.clock.newId() } : {};
  const content = body === undefined ? {} : { 'Content-Type': type };
  const authorization = await caller.authorization(simulation, path);
  return {
    method,
    headers: { Authorization: authorization, ...content, ...key, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}

async function persist({ world }: Simulation, path: string, init: RequestInit, tries: number): Promise<Asked> {
  for (let doubts = 0; doubts < tries; doubts++) {
    const response = await world.fetch(path, init).catch(() => null);
    const text = await response?.text().catch(() => null);
    if (response === null || text === null || text === undefined || response.status >= 500) continue;
    const isJson = response.headers.get('Content-Type')?.includes('json') && text !== '';
    return { answer: { status: response.status, text, body: isJson ? JSON.parse(text) : null }, doubts };
  }
  if (tries === TRIES) throw new Error(`no answer to ${init.method} ${path}`);
  return { answer: null, doubts: tries };
}

function said(body: Question['body']): string {
  return body === undefined ? '' : (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 80);
}
