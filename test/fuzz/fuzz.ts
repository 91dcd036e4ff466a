import { exports } from 'cloudflare:workers';
import fc from 'fast-check';
import { inject } from 'vitest';
import type { Reply } from '../support/api.ts';
import { parsed } from './contract.ts';
import { curlOf } from './curl.ts';
import type { Way } from './journeys.ts';
import { operationOf, type Sent, wrongWith } from './judge.ts';
import { bookOf, type Operation } from './operation.ts';
import type { FuzzScene } from './scene.ts';
import type { StandIns } from './stand-ins.ts';
import { type Callers, type Spoil, type Step, stepsFor, type Trip, tripsFor } from './steps.ts';
import { weighted } from './weighted.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** How many requests are sent in all, and what they are drawn from. */
    readonly fuzz: { readonly cases: number; readonly seed: number };
  }
}

/** Requests to one scene, so that what some make is what others are about. */
const SEQUENCE = 40;
/** Sequences in one scene, which takes as long to make as one of them. */
const SEQUENCES = 5;
/** Requests for each journey among them. */
const REQUESTS_PER_JOURNEY = 60;
/** Most a request takes on a machine that does other things too. */
const CASE_MS = 60;

/** Cases in all by which each operation has succeeded. */
const CASES_ENOUGH = 20_000;

/** Of an answer that is not as it should be. */
const SHOWN_CHARS = 2000;

/** What is sent requests to, and a scene in which that makes sense. */
export type Subject = {
  readonly name: string;
  /** Its part of all cases. */
  readonly share: number;
  readonly operations: readonly Operation[];
  readonly standIns: StandIns;
  readonly callers: Callers;
  readonly journeys: Readonly<Record<string, Way>>;
  readonly open: () => Promise<FuzzScene>;
};

export const casesOf = ({ share }: Pick<Subject, 'share'>) => Math.ceil(inject('fuzz').cases * share);
export const fuzzTimeoutMs = (subject: Pick<Subject, 'share'>) => 60_000 + casesOf(subject) * CASE_MS;

/** How many answers of each kind there were: of a run in which nothing succeeds nothing would be known. */
export type Tally = {
  cases: number;
  taken: number;
  refused: number;
  failures: number;
  readonly reached: Set<string>;
  readonly travelled: Set<string>;
};

/** `missed`: the operations that should have succeeded at least once. */
type Outcome = Tally & { readonly missed: readonly string[] };

/** Sends a subject its part of all cases. Throws on the first answer that is not as declared, with the fewest requests that lead there. */
export async function fuzz(subject: Subject): Promise<Outcome> {
  const { seed, cases } = inject('fuzz');
  const tally: Tally = { cases: 0, taken: 0, refused: 0, failures: 0, reached: new Set(), travelled: new Set() };
  const step = fc.option(anyStepOf(subject), { nil: null, freq: 1_000_000 });
  // A tuple and not an array: it shrinks at each place, down to null.
  const steps = fc.tuple(...Array<typeof step>(SEQUENCE).fill(step));
  const enter = entrance(subject.open);
  const property = fc.asyncProperty(steps, async (drawn) => runSequence(subject, await enter(), drawn, tally));
  const numRuns = Math.ceil(casesOf(subject) / SEQUENCE);
  console.log(`fuzz ${subject.name}: ${numRuns * SEQUENCE} cases, seed ${seed}`);
  const { failed, errorInstance } = await fc.check(property, { seed, numRuns });
  const never = neverTaken(subject, tally);
  console.log(`${tally.taken} taken, ${tally.refused} refused; never taken: ${never.join(', ') || 'none'}`);
  if (!failed) return { ...tally, missed: cases < CASES_ENOUGH ? [] : never };
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(
    `${reason.toWellFormed()}\n\nseed ${seed}; again: npm run fuzz -- --seed ${seed} --cases ${cases} --only ${subject.name}`,
  );
}

const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

/** The operations of which no request succeeded. */
function neverTaken({ operations }: Subject, { reached }: Tally): string[] {
  return operations.map(nameOf).filter((name) => !reached.has(name));
}

function anyStepOf({ operations, callers, standIns, journeys }: Subject): fc.Arbitrary<Step | Trip> {
  const steps = stepsFor(operations, callers, standIns);
  const names = Object.keys(journeys);
  return names.length === 0 ? steps : weighted<Step | Trip>([REQUESTS_PER_JOURNEY, steps], [1, tripsFor(names)]);
}

type Entered = { readonly scene: FuzzScene; uses: number; isOver: boolean };

/** A scene that some sequences share, while its own client still has a home there. */
function entrance(open: () => Promise<FuzzScene>): () => Promise<Entered> {
  let entered: Entered | undefined;
  return async () => {
    if (entered === undefined || entered.isOver || entered.uses === SEQUENCES)
      entered = { scene: await open(), uses: 0, isOver: false };
    entered.uses += 1;
    return entered;
  };
}

async function runSequence(
  subject: Subject,
  entered: Entered,
  steps: readonly (Step | Trip | null)[],
  tally: Tally,
): Promise<void> {
  const book = bookOf(subject.operations);
  const { scene } = entered;
  const lines: string[] = [];
  const take = async (sent: Sent, caller: string): Promise<Reply> => {
    lines.push(curlOf(sent, caller.toUpperCase()));
    const reply = await ask(sent);
    const wrong = wrongWith(book, sent, reply);
    if (wrong.length > 0) {
      const shown = `${reply.status} ${reply.text.slice(0, SHOWN_CHARS)}`;
      tally.failures += 1;
      if (tally.failures === 1)
        console.log(`failed, and is made smaller:\n${wrong.join('\n')}\n${lines.at(-1)}\n${shown}`);
      throw new Error(`${wrong.join('\n')}\n\n${lines.join('\n')}\n\n${shown}`);
    }
    const operation = operationOf(book, sent);
    operation?.learn(reply, scene.memory);
    if (caller === 'client' && reply.status === 401) entered.isOver = true;
    tally.cases += 1;
    if (reply.status < 400 && operation !== undefined) tally.reached.add(nameOf(operation));
    if (reply.status < 400) tally.taken += 1;
    else tally.refused += 1;
    return reply;
  };
  for (const step of steps) {
    if (step === null) continue;
    if ('journey' in step) await travel(subject, scene, step, take, tally);
    else await take(requestOf(step, scene, subject.standIns), step.caller);
  }
}

/** Goes on until a request is refused or was spoiled. */
async function travel(
  { journeys }: Subject,
  scene: FuzzScene,
  { journey: name, spoil }: Trip,
  take: (sent: Sent, caller: string) => Promise<Reply>,
  { travelled }: Tally,
): Promise<void> {
  const journey = journeys[name]?.go(scene);
  let next = await journey?.next();
  for (let request = 0; next !== undefined && next.done !== true; request++) {
    const { name: deed, sent } = next.value;
    if (spoil?.request === request) return void (await take(spoilt(sent, spoil), name));
    const reply = await take(sent, name);
    if (reply.status >= 400) return;
    travelled.add(deed);
    next = await journey?.next(reply);
  }
}

/** The request with other text in the place of one character of its body, or of its query. */
function spoilt(sent: Sent, { at, text }: Spoil): Sent {
  const changed = (whole: string) => {
    const place = at % Math.max(whole.length, 1);
    return whole.slice(0, place) + text + whole.slice(place + 1);
  };
  if (typeof sent.body === 'string') return { ...sent, body: changed(sent.body) };
  const url = new URL(sent.url);
  url.search = changed(url.search);
  return { ...sent, url };
}

function requestOf(
  { caller, method, target, headers: given, body }: Step,
  { callers, memory }: FuzzScene,
  standIns: StandIns,
): Sent {
  const fill = (text: string) => standIns.fill(text, memory);
  const headers = new Headers({ 'CF-Connecting-IP': `198.51.100.${Math.floor(Math.random() * 250)}` });
  const authorization = callers[caller];
  if (authorization) headers.set('Authorization', authorization);
  for (const [name, value] of given) setIfPossible(headers, name, fill(value));
  const isSent = body !== null && method !== 'GET' && method !== 'HEAD';
  const filled = typeof body === 'string' ? fill(body) : body;
  return { method, url: new URL(`https://edge.localhost${fill(target)}`), headers, body: isSent ? filled : null };
}

/** Not every text can be a header. */
function setIfPossible(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {}
}

async function ask({ method, url, headers, body }: Sent): Promise<Reply> {
  const encoded = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const request = new Request(url, { method, headers, redirect: 'manual', ...(encoded && { body: encoded }) });
  const response = await exports.default.fetch(request);
  const text = await response.text();
  // An object may have been uploaded as JSON without being any.
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json') ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? (parsed(text) ?? null) : null };
}
