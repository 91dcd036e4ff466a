import fc from 'fast-check';
import { headersOf } from './headers.ts';
import type { Operation } from './operation.ts';
import type { StandIns } from './stand-ins.ts';
import { weighted } from './weighted.ts';

/** A request before it is known what it is about: each text may hold stand-ins. */
export type Step = {
  /** Which of the scene's callers, by name. */
  readonly caller: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array | null;
};

/** A journey by its name, and what spoils one of its requests; null: nothing. */
export type Trip = { readonly journey: string; readonly spoil: Spoil | null };
export type Spoil = { readonly request: number; readonly at: number; readonly text: string };

type Text = fc.Arbitrary<string>;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'];
const RAW = [
  '%',
  '%zz',
  '%ff',
  '%00',
  '%2e%2e',
  '%2F',
  '..',
  '.',
  '',
  '%F0%9F%98%80',
  '%ED%A0%80',
  '😀',
  "'",
  ';',
  '+',
  '%25',
  'null',
];
const odd: Text = weighted([3, fc.string()], [2, fc.string({ unit: 'binary' })], [1, fc.constant('x'.repeat(3000))]);
const escaped = (text: string) => encodeURIComponent(text.toWellFormed());

/** Any request to one of these operations: as it should be, nearly so, or wild. */
export function stepsFor(operations: readonly Operation[], callers: Callers, standIns: StandIns): fc.Arbitrary<Step> {
  return fc.oneof(...operations.map((operation) => stepFor(operation, callers, standIns)));
}

/** Of requests of a journey, so that each of them is spoiled. */
const REQUESTS = 10;

/** Journeys by these names: two of three as they should be, the others with one request in which a character is another. */
export function tripsFor(journeys: readonly string[]): fc.Arbitrary<Trip> {
  const spoil = fc.record({ request: fc.nat(REQUESTS), at: fc.nat(2000), text: fc.string({ maxLength: 3 }) });
  return fc.record({
    journey: fc.constantFrom(...journeys),
    spoil: weighted<Spoil | null>([2, fc.constant(null)], [1, spoil]),
  });
}

/** The callers' names, each with how often it is to come; `own`: where the operation is about the signed-in user. */
export type Callers = (own: boolean) => readonly (readonly [weight: number, name: string])[];

function stepFor(operation: Operation, callers: Callers, standIns: StandIns): fc.Arbitrary<Step> {
  const named = callers(operation.own).map(([weight, name]) => [weight, fc.constant(name)] as const);
  return fc.record({
    caller: weighted(...named),
    method: weighted([40, fc.constant(operation.method)], [1, fc.constantFrom(...METHODS)]),
    target: fc.tuple(pathOf(operation, standIns), queryOf(operation, standIns)).map((parts) => parts.join('')),
    headers: headersOf(operation, standIns),
    body: bodyOf(operation, standIns),
  });
}

function pathOf({ path }: Operation, standIns: StandIns): Text {
  const parts = path.split('/').map((part) => {
    if (!part.startsWith(':')) return fc.constant(part);
    return weighted(
      [50, standIns.of(part.slice(1))],
      [1, standIns.of('any')],
      [1, odd.map(escaped)],
      [1, fc.constantFrom(...RAW)],
    );
  });
  return fc.tuple(...parts).map((made) => made.join('/'));
}

function queryOf({ query, usualQuery }: Operation, standIns: StandIns): Text {
  const drawn = anyQueryOf(query, standIns);
  return usualQuery === undefined ? drawn : weighted([3, usualQuery], [1, drawn]);
}

function anyQueryOf(query: Operation['query'], standIns: StandIns): Text {
  const known = Object.entries(query).map(([name, value]) =>
    fc.tuple(fc.constant(escaped(name)), weighted([5, value], [1, odd]).map(escaped)).map((pair) => pair.join('=')),
  );
  const raw = fc
    .tuple(fc.constantFrom('x', '__proto__', 'limit', 'after', 'email[xx]', ...RAW), fc.constantFrom('', ...RAW))
    .map((pair) => pair.join('='));
  const cursor = standIns.of('after').map((value) => `after=${value}`);
  const stray = weighted([5, raw], [known.length > 0 ? 3 : 1, cursor]);
  const one = known.length > 0 ? weighted([8, fc.oneof(...known)], [1, stray]) : stray;
  const amount = known.length > 0 ? 2 : 1;
  const some = fc.array(one, { maxLength: amount }).map((pairs) => (pairs.length > 0 ? `?${pairs.join('&')}` : ''));
  return known.length > 0 ? some : weighted([8, fc.constant('')], [1, some]);
}

const wildBody: fc.Arbitrary<string | Uint8Array | null> = weighted<string | Uint8Array | null>(
  [3, fc.json()],
  [2, odd],
  [2, fc.uint8Array({ maxLength: 64 })],
  [1, fc.constantFrom('{"a":"\uFEFF"}', 'a=1&a=2', '%', '[]', 'null', '0', '', '{"email":')],
  [1, fc.constant(null)],
);
/** More than any JSON or form may have. */
const hugeBody = fc.constant(`{"name":"${'x'.repeat(70_000)}"}`);

function bodyOf({ method, body }: Operation, standIns: StandIns): fc.Arbitrary<string | Uint8Array | null> {
  if (method === 'GET') return fc.constant(null);
  if (body === null) return weighted([12, fc.constant(null)], [1, wildBody]);
  const stray = standIns.of('any').map((id) => `{"id":"${id}"}`);
  return weighted<string | Uint8Array | null>([60, body], [6, wildBody], [1, stray], [1, hugeBody]);
}
