import { showLoading, showTrouble } from './stage.js';
import { takeToken } from './token.js';

const token = takeToken();
const language = document.documentElement.lang;

/** The main modules load here, so that a failed load can be reported. */
async function begin() {
  showLoading();
  try {
    const { showLink } = await import('./link.js');
    await showLink({ token, language, restart: begin });
  } catch {
    showTrouble(undefined, begin);
  }
}

// Another link in this tab changes the fragment only.
addEventListener('popstate', () => location.reload());
begin();
