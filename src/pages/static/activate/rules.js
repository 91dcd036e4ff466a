import { element, fill } from './dom.js';
import { tick } from './icons.js';

/** `check(password)` marks the met rules and returns the others. */
export function ruleList(texts, rules) {
  const parts = rules.map((rule) => partOf(texts, rule));
  const label = element('p', { id: 'rules-label' }, texts.rules);
  // Safari announces a list without bullets only with this role.
  const list = element('ul', { role: 'list', 'aria-labelledby': 'rules-label' }, ...parts.map(({ item }) => item));
  return {
    node: element('div', { id: 'rules' }, label, list),
    check: (password) => parts.filter((part) => !part.check(password)).map(({ label }) => label),
  };
}

function partOf(texts, { name, pattern }) {
  const label = labelOf(texts, name, pattern);
  const expression = new RegExp(pattern, 'su');
  const state = element('span', { class: 'unseen' }, `${texts.ruleMissing} `);
  const characters = name === 'special' ? [' ', element('span', { class: 'characters' }, charactersOf(pattern))] : [];
  const item = element('li', { 'data-met': 'false' }, tick(), element('span', {}, state, label, ...characters));
  const check = (password) => {
    const met = expression.test(password);
    item.dataset.met = String(met);
    state.textContent = `${met ? texts.ruleMet : texts.ruleMissing} `;
    return met;
  };
  return { item, label, check };
}

function labelOf(texts, name, pattern) {
  const text = texts[`rule${name[0].toUpperCase()}${name.slice(1)}`];
  // The pattern holds the number: `^.{12,}$`.
  return fill(text, { count: /\d+/.exec(pattern)?.[0] ?? '' });
}

/** The characters of a class such as `[!?\-]`. */
function charactersOf(pattern) {
  return pattern.slice(1, -1).replace(/\\(.)/g, '$1');
}
