import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

const { CHROMIUM_PATH, CI } = process.env;
const places = CHROMIUM_PATH ? [CHROMIUM_PATH] : PLACES;
const executable = places.find((path) => existsSync(path));

/** Whether tests that need a browser are left out: where none is installed, except in CI, where they fail instead. */
export const withoutBrowser = executable === undefined && CI !== 'true';

if (withoutBrowser) console.warn('No Chromium is installed (CHROMIUM_PATH): the tests in a browser are skipped.');

/** Starts the Chromium that the machine has, without a window. */
export function openBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error(`no Chromium at ${places.join(', ')} (CHROMIUM_PATH)`);
  return chromium.launch({ executablePath: executable });
}
