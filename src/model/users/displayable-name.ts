/** What mail programs turn into links. A single slash is allowed (A/S). */
const LINKABLE = /[@\\]|\/\/|\S[.。]\p{L}[\p{L}\p{M}\p{N}-]|\d(?:\.\d+){3}/u;
const PHONE = /\p{Nd}(?:[\s\p{Pd}().+/]*\p{Nd}){6,}/gu;
const SEPARATORS = /[/@\\.。]/gu;
/** UAX #9. */
const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const INVISIBLE = /\p{Cf}/gu;

export function looksLikeLink(text: string): boolean {
  return LINKABLE.test(asRead(text));
}

export function isDisplayable(name: string): boolean {
  return name.search(CONTROL_CHARACTERS) === -1 && !looksLikeLink(name) && asRead(name).search(PHONE) === -1;
}

const asRead = (text: string) => text.normalize('NFKC').replace(INVISIBLE, '');

export function displayableName(name: string): string {
  if (isDisplayable(name)) return name;
  const words = asRead(name).replace(PHONE, ' ').replace(CONTROL_CHARACTERS, ' ').replace(SEPARATORS, ' ');
  return words.replace(/ +/g, ' ').trim();
}
