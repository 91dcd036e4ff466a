import { oneLine } from '../../html/clean-text.ts';
import { ENCODED_WORD_BYTES, HEADER_LINE_CHARS, HEADER_PLAIN_CHARS } from '../../model/limits/index.ts';

/** RFC 2047. */
export function textHeader(name: string, text: string): string {
  const line = oneLine(text);
  return folded(name, isPlain(line) ? [line] : encodedWords(line));
}

export function mailboxHeader(name: string, { name: display, email }: { name: string; email: string }): string {
  const line = oneLine(display);
  if (line === '') return email;
  const displayName = isPlain(line) ? [`"${line.replace(/["\\]/g, '\\$&')}"`] : encodedWords(line);
  return folded(name, [...displayName, `<${email}>`]);
}

/** RFC 2369 §3.2, RFC 8058 §3.1. */
export function unsubscribeHeaders(address: string | null): Readonly<Record<string, string>> {
  if (address === null) return {};
  // `URL` escapes all that could end the value.
  return { 'List-Unsubscribe': `<${new URL(address).href}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

function isPlain(line: string): boolean {
  return /^[ -~]*$/.test(line) && !line.includes('=?') && line.length <= HEADER_PLAIN_CHARS;
}

/** RFC 2047 §5: a word holds whole characters. */
function encodedWords(line: string): string[] {
  const chunks: string[] = [];
  let chunk = '';
  for (const character of line) {
    if (Buffer.byteLength(chunk + character) > ENCODED_WORD_BYTES) {
      chunks.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  return [...chunks, chunk].map((text) => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`);
}

/** RFC 5322 §2.2.3. */
function folded(name: string, parts: readonly string[]): string {
  let length = name.length + 1;
  return parts
    .map((part, index) => {
      const fitsLine = index === 0 || length + 1 + part.length <= HEADER_LINE_CHARS;
      length = (fitsLine ? length : 0) + 1 + part.length;
      return index === 0 ? part : `${fitsLine ? ' ' : '\r\n '}${part}`;
    })
    .join('');
}
