import { iso31661Alpha2ToAlpha3 } from 'iso-3166';
import * as v from 'valibot';

const CODES = Object.keys(iso31661Alpha2ToAlpha3);
const known: ReadonlySet<string> = new Set(CODES);

/** An ISO 3166-1 alpha-2 code that is assigned. */
export const Country = v.picklist(CODES, 'Must be an ISO 3166-1 alpha-2 code.');

/** Whether it is one: other dialects take any text for a country. */
export function isCountry(text: string): boolean {
  return known.has(text);
}
