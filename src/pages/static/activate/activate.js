import { showLoading, showTrouble } from './stage.js';
import { takeToken } from './token.js';

const token = takeToken();
const language = document.documentElement.lang;

/** Shows what the link opens. The greater part of the page is loaded here, so that its absence can be told too. */
async function begin() {
  showLoading();
  try {
    const { showLink } = await import('./link.js');
    await showLink({ token, language, restart: begin });
  } catch {
    showTrouble(undefined, begin);
  }
}

// Another link opened in this tab changes nothing but the fragment.
addEventListener('popstate', () => location.reload());
begin();
