import { element, fill } from './dom.js';
import { eye } from './icons.js';
import { strengthMeter } from './meter.js';
import { ruleList } from './rules.js';
import { personalWords } from './strength.js';

/** Screen readers announce after a pause, not after each key. */
const PAUSE_MS = 1000;

/** `missing()` lists the unmet rules or returns null; `hide()` masks the value. */
export function passwordField({ texts, language, link: { rules, name, email } }) {
  const input = element('input', {
    id: 'password',
    name: 'password',
    type: 'password',
    autocomplete: 'new-password',
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-required': 'true',
    'aria-describedby': 'complaint rules',
  });
  const list = ruleList(texts, rules);
  const meter = strengthMeter(texts, personalWords(name, email));
  const status = element('p', { class: 'unseen', role: 'status' });
  const missing = () => {
    const labels = list.check(input.value);
    if (labels.length === 0) return null;
    return fill(texts.rulesMissing, { rules: new Intl.ListFormat(language).format(labels) });
  };
  let timer;
  input.addEventListener('input', () => {
    const news = `${missing() ?? texts.rulesMet} ${meter.show(input.value)}`;
    clearTimeout(timer);
    timer = setTimeout(() => {
      status.textContent = news;
    }, PAUSE_MS);
  });
  const label = element('label', { for: 'password' }, texts.password);
  const { button, reveal } = revealButton(texts, input);
  const box = element('div', { class: 'box' }, input, button);
  return { nodes: [label, box, list.node, meter.node, status], input, missing, hide: () => reveal(false) };
}

function revealButton(texts, input) {
  const button = element('button', { type: 'button', class: 'reveal', title: texts.showPassword }, eye());
  button.setAttribute('aria-label', texts.showPassword);
  const reveal = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
  };
  reveal(false);
  button.addEventListener('click', () => reveal(input.type === 'password'));
  return { button, reveal };
}
