import { domainToASCII, domainToUnicode } from 'node:url';
import * as v from 'valibot';
import { HOST_NAME_MAX_CHARS, QUOTA_MAX, TEXT_MAX_CHARS, UNLIMITED, URL_MAX_CHARS } from './limits/index.ts';
import { isShowable } from './users/shown-name.ts';

/** How names are compared: composed (NFC) and without case, a final sigma like any other. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}

/**
 * How addresses are compared, and parts of them: the local part like a name, the host letter by letter. Hosts that fold alike
 * may be two (UTS #46 keeps both sigmas apart). Letters and Punycode stand for each other, and letters can be searched.
 */
export function addressKey(address: string): string {
  const [, local, host] = parts(spelled(address)) ?? [];
  return local === undefined || host === undefined ? fold(address) : `${fold(local)}@${host.toLowerCase()}`;
}

/** Whether two addresses differ at most in the case of ASCII letters: local parts that compare alike may be two mailboxes. */
export function isSameAddress(one: string, other: string): boolean {
  return asciiLower(spelled(one)) === asciiLower(spelled(other));
}

const asciiLower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const storable = v.check(
  (text: string) => text.isWellFormed() && !text.includes('\0'),
  'Must not contain NUL or half a surrogate pair.',
);

/** Any text of `min` to `max` characters that the database can give back as it came. */
export function text(min: number, max: number) {
  return v.pipe(v.string(), v.minLength(min), v.maxLength(max), storable);
}

export const Name = text(1, TEXT_MAX_CHARS);

/** Of a name that mails and pages show as a tenant's. */
export const showable = v.check(
  isShowable,
  'Must not look like an address, a link or a phone number, or hold control characters.',
);

// RFC 5321 without quoted local parts, RFC 6531 with letters of any script. Each class stops at its own end: no backtracking.
const ADDRESS =
  /^[^\s\p{C}@.,:;<>()[\]\\"]+(?:\.[^\s\p{C}@.,:;<>()[\]\\"]+)*@[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*\.)+[\p{L}\p{N}][\p{L}\p{M}\p{N}-]+$/u;

/**
 * An address with its host in letters: servers are told a host in Punycode, and there full width, marks that hide and the
 * like are gone, so that many spellings are one mailbox (UTS #46). Where letters are none that an address may have, it is
 * Punycode. A host of ASCII stays as it came.
 */
function spelled(address: string): string {
  const [, local, host = ''] = parts(address) ?? [];
  if (!/[^ -~]|xn--/i.test(host) || address.length > TEXT_MAX_CHARS || !isAddress(address)) return address;
  const spellings = [domainToUnicode(host), domainToASCII(host)].map((known) => `${local}@${known}`);
  return spellings.find((known) => known.length <= TEXT_MAX_CHARS && isAddress(known)) ?? address;
}

const parts = (address: string) => /^(.*)@(.*)$/su.exec(address);

const normalize = v.normalize('NFC');
/** A step of valibot's kind: of what comes after its `transform` the OpenAPI document would say nothing. */
const spell: typeof normalize = {
  ...normalize,
  '~run': (dataset) => ({ ...dataset, value: spelled(dataset.value) }),
};

const address = v.check(
  (text: string) => text.length > TEXT_MAX_CHARS || isAddress(text),
  'Must be an e-mail address.',
);

/** An e-mail address, trimmed, composed and spelled in one way before it is judged, so that two forms of one are one. */
export function emailOf(max: number) {
  return v.pipe(v.string(), v.trim(), normalize, spell, v.maxLength(max), address);
}

export const Email = emailOf(TEXT_MAX_CHARS);

/** RFC 2047 §5: an address holds no encoded word. A mail server that decodes it all the same would write to another. */
function isAddress(text: string): boolean {
  return ADDRESS.test(text) && !text.includes('=?');
}

/** A host name of at least two labels (RFC 1123 §2.1), of other scripts in Punycode; in lower case as it is compared. */
export const HostName = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(HOST_NAME_MAX_CHARS),
  v.regex(
    /^(?:[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?\.)+[A-Za-z][A-Za-z\d-]{0,61}[A-Za-z\d]$/,
    'Must be a host name.',
  ),
  v.toLowerCase(),
);

/** An `https` address without credentials in it, as `URL` writes it. */
export const HttpsUrl = v.pipe(
  v.string(),
  v.maxLength(URL_MAX_CHARS),
  v.check(isHttps, 'Must be an https address without user or password.'),
  v.transform((address) => new URL(address).href),
);

function isHttps(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

export const Quota = v.pipe(v.number(), v.integer(), v.minValue(UNLIMITED), v.maxValue(QUOTA_MAX));

/** A UUID of any version, in lower case as stored. */
export const Id = v.pipe(v.string(), v.uuid('Must be a UUID.'), v.toLowerCase());
