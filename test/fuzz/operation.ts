import type fc from 'fast-check';
import type { Reply } from '../support/api.ts';
import type { Memory } from './stand-ins.ts';

/** The declared bodies of one status, by media type; what is wrong with one, or nothing. None: the body is empty. */
export type Answers = Readonly<Record<string, (text: string) => string | undefined>>;

/** What the fuzzer has to know of one method of one address. */
export type Operation = {
  readonly method: string;
  /** Parameters as `:name`. */
  readonly path: string;
  /** Whether the last parameter is all the rest of the path, slashes included. */
  readonly rest: boolean;
  readonly query: Readonly<Record<string, fc.Arbitrary<string>>>;
  /** A query that may be good as a whole. */
  readonly usualQuery?: fc.Arbitrary<string>;
  readonly mediaTypes: readonly string[];
  /** What its requests mostly carry. */
  readonly headers?: Readonly<Record<string, fc.Arbitrary<string>>>;
  /** Bodies that it takes or nearly takes; null where it takes none. */
  readonly body: fc.Arbitrary<string> | null;
  /** Whether other methods there are answered as if nothing were. */
  readonly alone?: boolean;
  /** Whether it is about the signed-in user. */
  readonly own: boolean;
  /** What it may answer with by that status; undefined: nothing. */
  readonly answers: (status: number) => Answers | undefined;
  /** Takes from an answer what later requests can name. */
  readonly learn: (reply: Reply, memory: Memory) => void;
};

/** What belongs to an address, by its order: the first that matches has it. */
export type Book = readonly { readonly matches: (path: string) => boolean; readonly operations: Operation[] }[];

/** Finds operations the way the router does. */
export function bookOf(operations: readonly Operation[]): Book {
  const places = Map.groupBy(operations, ({ path }) => path);
  return [...places].map(([path, there]) => {
    const rest = there.some((operation) => operation.rest);
    const names = path.split('/').filter((part) => part.startsWith(':'));
    const pattern = path
      .replace(/[.]/g, '\\.')
      .replace(/:\w+/g, (name) => (rest && name === names.at(-1) ? '.+?' : '[^/]+?'));
    const expression = new RegExp(`^${pattern}/*$`);
    return { matches: (asked) => expression.test(asked), operations: there };
  });
}
