import { domainToASCII, domainToUnicode } from 'node:url';
import * as v from 'valibot';
import { HOST_NAME_MAX_CHARS, QUOTA_MAX, TEXT_MAX_CHARS, UNLIMITED, URL_MAX_CHARS } from './limits/index.ts';
import { isDisplayable } from './users/displayable-name.ts';

/** A final sigma folds like any other. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}

export function addressKey(address: string): string {
  const [, local, host] = splitAddress(canonicalAddress(address)) ?? [];
  return local === undefined || host === undefined ? foldCase(address) : `${foldCase(local)}@${host.toLowerCase()}`;
}

/** Local parts with equal keys may be two mailboxes. */
export function isSameAddress(one: string, other: string): boolean {
  return asciiLower(canonicalAddress(one)) === asciiLower(canonicalAddress(other));
}

const asciiLower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const storable = v.check(
  (text: string) => text.isWellFormed() && !text.includes('\0'),
  'Must not contain NUL or half a surrogate pair.',
);

export function text(min: number, max: number) {
  return v.pipe(v.string(), v.minLength(min), v.maxLength(max), storable);
}

export const Name = text(1, TEXT_MAX_CHARS);

export const displayable = v.check(
  isDisplayable,
  'Must not look like an address, a link or a phone number, or hold control characters.',
);

// RFC 5321 without quoted local parts, RFC 6531; no backtracking.
const ADDRESS =
  /^[^\s\p{C}@.,:;<>()[\]\\"]+(?:\.[^\s\p{C}@.,:;<>()[\]\\"]+)*@[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*\.)+[\p{L}\p{N}][\p{L}\p{M}\p{N}-]+$/u;

/** One spelling per mailbox (UTS #46). */
function canonicalAddress(address: string): string {
  const [, local, host = ''] = splitAddress(address) ?? [];
  if (!/[^ -~]|xn--/i.test(host) || address.length > TEXT_MAX_CHARS || !isAddress(address)) return address;
  const spellings = [domainToUnicode(host), domainToASCII(host)].map((known) => `${local}@${known}`);
  return spellings.find((known) => known.length <= TEXT_MAX_CHARS && isAddress(known)) ?? address;
}

const splitAddress = (address: string) => /^(.*)@(.*)$/su.exec(address);

const normalize = v.normalize('NFC');
/** After a `transform`, the OpenAPI document would lose the constraints. */
const canonicalize: typeof normalize = {
  ...normalize,
  '~run': (dataset) => ({ ...dataset, value: canonicalAddress(dataset.value) }),
};

const address = v.check(
  (text: string) => text.length > TEXT_MAX_CHARS || isAddress(text),
  'Must be an e-mail address.',
);

export function emailOf(max: number) {
  return v.pipe(v.string(), v.trim(), normalize, canonicalize, v.maxLength(max), address);
}

export const Email = emailOf(TEXT_MAX_CHARS);

/** A mail server that decodes encoded words (RFC 2047 §5) would write to another address. */
function isAddress(text: string): boolean {
  return ADDRESS.test(text) && !text.includes('=?');
}

/** RFC 1123 §2.1. */
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

export const Id = v.pipe(v.string(), v.uuid('Must be a UUID.'), v.toLowerCase());
