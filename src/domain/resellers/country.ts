import { iso31661Alpha2ToAlpha3 } from 'iso-3166';
import * as v from 'valibot';

const CODES = Object.keys(iso31661Alpha2ToAlpha3);
const KNOWN_CODES: ReadonlySet<string> = new Set(CODES);

export const Country = v.picklist(CODES, 'Must be an ISO 3166-1 alpha-2 code.');

export function isCountry(text: string): boolean {
  return KNOWN_CODES.has(text);
}
