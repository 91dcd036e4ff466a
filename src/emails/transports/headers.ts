import { oneLine } from '../../html/clean.ts';
import { ENCODED_WORD_BYTES, HEADER_LINE_CHARS, HEADER_PLAIN_CHARS } from '../../model/limits/index.ts';

/** The value of a header of free text, such as Subject: as it is if it may be, otherwise in encoded words (RFC 2047). */
export function textHeader(name: string, text: string): string {
  const line = oneLine(text);
  return folded(name, isPlain(line) ? [line] : encodedWords(line));
}

/** The value of a header of one address with a name. The address is on one line and as the wire takes it. */
export function mailboxHeader(name: string, { name: display, email }: { name: string; email: string }): string {
  const line = oneLine(display);
  if (line === '') return email;
  const words = isPlain(line) ? [`"${line.replace(/["\\]/g, '\\$&')}"`] : encodedWords(line);
  return folded(name, [...words, `<${email}>`]);
}

/** The headers by which mail programs offer to unsubscribe at one click (RFC 2369 §3.2, RFC 8058 §3.1); none for null. */
export function unsubscribeHeaders(address: string | null): Readonly<Record<string, string>> {
  if (address === null) return {};
  // As URL writes it there is nothing in it that could end the value.
  return { 'List-Unsubscribe': `<${new URL(address).href}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

function isPlain(line: string): boolean {
  return /^[ -~]*$/.test(line) && !line.includes('=?') && line.length <= HEADER_PLAIN_CHARS;
}

/** RFC 2047 §5: a word holds whole characters only. */
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

/** RFC 5322 §2.2.3: a line ends before a space; the first part stays behind the name. */
function folded(name: string, parts: readonly string[]): string {
  let used = name.length + 1;
  return parts
    .map((part, index) => {
      const fits = index === 0 || used + 1 + part.length <= HEADER_LINE_CHARS;
      used = (fits ? used : 0) + 1 + part.length;
      return index === 0 ? part : `${fits ? ' ' : '\r\n '}${part}`;
    })
    .join('');
}
