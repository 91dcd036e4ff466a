/** What mail programs take for an address, and make a link of. A single slash is none: companies are called so, as A/S. */
const LINKABLE = /[@\\]|\/\/|\S[.。]\p{L}[\p{L}\p{M}\p{N}-]|\d(?:\.\d+){3}/u;
/** Seven digits or more, as phone numbers are written: shorter ones are years and versions. */
const PHONE = /\p{Nd}(?:[\s\p{Pd}().+/]*\p{Nd}){6,}/gu;
/** What parts the words of an address. */
const SEPARATORS = /[/@\\.。]/gu;
/** Control characters, line separators, and what turns the direction of the text around it (UAX #9). */
const UNRULY = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Characters without a look of their own, such as a zero-width space. */
const INVISIBLE = /\p{Cf}/gu;

/** Whether mail programs may make a link of it: as readers see it, so in any width and without what is invisible. */
export function looksLikeLink(text: string): boolean {
  return LINKABLE.test(plain(text));
}

/** Whether a name that a tenant chose may stand in mails and pages of the operator's domain. */
export function isShowable(name: string): boolean {
  return name.search(UNRULY) === -1 && !looksLikeLink(name) && plain(name).search(PHONE) === -1;
}

const plain = (text: string) => text.normalize('NFKC').replace(INVISIBLE, '');

/** The name as mails and pages show it: its words only, where it is none that may be shown. */
export function shownName(name: string): string {
  if (isShowable(name)) return name;
  const words = plain(name).replace(PHONE, ' ').replace(UNRULY, ' ').replace(SEPARATORS, ' ');
  return words.replace(/ +/g, ' ').trim();
}
