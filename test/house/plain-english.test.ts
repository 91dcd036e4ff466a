import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Pronouns that stand for a role: say the caller, a tenant, an unauthenticated request. */
const RIDDLES = /\b(?:whoever|whatever|somebody|nobody|that one's|is none)\b/i;
/** Sources that a reader of the repository cannot open. */
const CITED_ELSEWHERE = /\b(?:contracts?:|\(contracts\b|seeds?:)/i;
const COMMENT_SHARE_MAX = 0.08;

/** Strings are matched first, so that what looks like a comment within one is skipped. */
const STRING_OR_COMMENT = /`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(\/\*[\s\S]*?\*\/|\/\/[^\n]*)/g;

function filesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).map((file) => join(folder, file));
}

function commentsIn(source: string): string[] {
  return [...source.matchAll(STRING_OR_COMMENT)].flatMap(([, comment]) => comment ?? []);
}

const comments = [...filesIn('src'), ...filesIn('scripts')].flatMap((file) =>
  commentsIn(readFileSync(file, 'utf8')).map((comment) => ({ file, comment })),
);

test('comments name roles instead of riddles', () => {
  expect(comments.filter(({ comment }) => RIDDLES.test(comment))).toEqual([]);
});

test('comments cite nothing outside the repository but standards', () => {
  expect(comments.filter(({ comment }) => CITED_ELSEWHERE.test(comment))).toEqual([]);
});

test('comments are a small part of the source', () => {
  const sources = filesIn('src').map((file) => readFileSync(file, 'utf8'));
  const bytesOf = (texts: readonly string[]) => Buffer.byteLength(texts.join(''));
  expect(bytesOf(sources.flatMap(commentsIn)) / bytesOf(sources)).toBeLessThan(COMMENT_SHARE_MAX);
  expect(comments.length).toBeGreaterThan(500);
});
