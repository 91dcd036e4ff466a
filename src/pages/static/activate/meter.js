import { element } from './dom.js';
import { estimate } from './strength.js';

const LEVELS = 4;

/** `show(password)` returns its message in one line. */
export function strengthMeter(texts, personal) {
  const value = element('strong');
  const bar = element('div', {
    class: 'bar',
    role: 'meter',
    'aria-labelledby': 'strength-label',
    'aria-valuemin': '0',
    'aria-valuemax': String(LEVELS),
  });
  bar.append(...Array.from({ length: LEVELS }, () => element('span')));
  const reason = element('p', { class: 'reason' });
  const show = (password) => {
    const { level, weakness } = estimate(password, personal);
    const label = texts[`strength${level}`];
    value.textContent = label;
    reason.textContent = weakness === null ? '' : texts[`strength${weakness}`];
    bar.dataset.level = String(level);
    bar.setAttribute('aria-valuenow', String(level));
    bar.setAttribute('aria-valuetext', label);
    return `${texts.strength}: ${label}. ${reason.textContent}`;
  };
  show('');
  const head = element('p', {}, element('span', { id: 'strength-label' }, texts.strength), ' ', value);
  return { node: element('div', { id: 'strength' }, head, bar, reason), show };
}
