/** What mail programs turn into links. A single slash is allowed (A/S). */
const LINKABLE = /[@\\]|\/\/|\S[.。]\p{L}[\p{L}\p{M}\p{N}-]|\d(?:\.\d+){3}/u;
/** Shorter numbers are years and versions. */
const PHONE = /\p{Nd}(?:[\s\p{Pd}().+/]*\p{Nd}){6,}/gu;
const SEPARATORS = /[/@\\.。]/gu;
/** UAX #9. */
const UNRULY = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const INVISIBLE = /\p{Cf}/gu;

export function looksLikeLink(text: string): boolean {
  return LINKABLE.test(plain(text));
}

export function isShowable(name: string): boolean {
  return name.search(UNRULY) === -1 && !looksLikeLink(name) && plain(name).search(PHONE) === -1;
}

const plain = (text: string) => text.normalize('NFKC').replace(INVISIBLE, '');

export function shownName(name: string): string {
  if (isShowable(name)) return name;
  const words = plain(name).replace(PHONE, ' ').replace(UNRULY, ' ').replace(SEPARATORS, ' ');
  return words.replace(/ +/g, ' ').trim();
}
