import type { Page } from 'playwright-core';
import type { Answer } from './activation-site.ts';
import { deadLink, GOOD_PASSWORD, openLink, tooOften, unknownLink } from './activation-visit.ts';

export type View = {
  readonly name: string;
  readonly link?: object;
  readonly answers?: Readonly<Record<string, readonly Answer[]>>;
  readonly heading: string;
  /** How to get there from the first view. */
  readonly steps?: (page: Page) => Promise<void>;
};

const type = (text: string) => (page: Page) => page.locator('#password').fill(text);
const send = (page: Page) => page.locator('button.main').click();
const save = async (page: Page) => {
  await type(GOOD_PASSWORD)(page);
  await send(page);
};
const ask = (address: string) => async (page: Page) => {
  await page.locator('#email').fill(address);
  await send(page);
};
const password = (answer: Answer) => ({ '/activate/password': [answer] });

/** Everything that the page can show, in English. */
export const views: readonly View[] = [
  { name: 'loading', answers: { '/activate/link': ['silent'] }, heading: 'One moment' },
  { name: 'activation', heading: 'Choose your password' },
  { name: 'reset', link: { ...openLink, purpose: 'password-reset', name: null }, heading: 'Choose a new password' },
  { name: 'weak', heading: 'Choose your password', steps: type('adabrightwater1') },
  { name: 'fair', heading: 'Choose your password', steps: type('tq8vz2mkxa') },
  { name: 'strong', heading: 'Choose your password', steps: type(GOOD_PASSWORD) },
  { name: 'incomplete', heading: 'Choose your password', steps: send },
  { name: 'limited', answers: password(tooOften(42)), heading: 'Choose your password', steps: save },
  { name: 'failed', answers: password({ status: 500 }), heading: 'Choose your password', steps: save },
  { name: 'saving', answers: password('silent'), heading: 'Choose your password', steps: save },
  { name: 'done', heading: 'Your password is saved', steps: save },
  { name: 'expired', link: deadLink('expired'), heading: 'This link has expired' },
  { name: 'used-activation', link: deadLink('used'), heading: 'Your password has been set already' },
  { name: 'used-reset', link: deadLink('used', 'password-reset'), heading: 'This link has been used already' },
  { name: 'replaced', link: deadLink('replaced'), heading: 'There is a newer link' },
  { name: 'sent', link: deadLink('expired'), heading: 'Please check your e-mail', steps: send },
  { name: 'unknown', link: unknownLink, heading: 'This link does not work' },
  { name: 'no-address', link: unknownLink, heading: 'This link does not work', steps: ask('nobody') },
  { name: 'sent-to', link: unknownLink, heading: 'Please check your e-mail', steps: ask('ada@example.com') },
  { name: 'trouble', answers: { '/activate/link': [{ status: 503 }] }, heading: 'The page could not be loaded' },
];

/** Waits for the view, and takes the steps that lead there. */
export async function arrive(page: Page, { heading, steps }: View): Promise<void> {
  if (steps !== undefined) {
    await page.locator('h1:focus').waitFor();
    await steps(page);
  }
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
}
