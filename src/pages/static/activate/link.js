import { showBrand } from './brand.js';
import { showDeadLink } from './dead-link.js';
import { showOpenLink } from './open-link.js';
import { askLink } from './server.js';
import { showTrouble } from './stage.js';
import { explain, loadTexts } from './texts.js';
import { showUnknownLink } from './unknown-link.js';

/** `language` is a fallback for the user's; `restart` loads the page again. Throws if the texts cannot be loaded. */
export async function showLink({ token, language, restart }) {
  const [texts, { problem, link }] = await Promise.all([loadTexts(language), askLink(token)]);
  if (problem !== undefined) return showTrouble(explain({ texts, language }, problem), restart);
  const page = { token, link, restart, ...(await wordsFor(link.language ?? language, { texts, language })) };
  document.documentElement.lang = page.language;
  if (link.branding !== null) showBrand(page.texts, link.branding);
  const view = { open: showOpenLink, unknown: showUnknownLink }[link.state] ?? showDeadLink;
  view({ ...page, productName: link.branding?.productName ?? null });
}

async function wordsFor(language, known) {
  return language === known.language ? known : { language, texts: await loadTexts(language) };
}
