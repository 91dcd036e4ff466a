import { fill } from './dom.js';

/** Throws if the texts cannot be loaded. */
export async function loadTexts(language) {
  const response = await fetch(`/pages/texts.${language}.json`);
  if (!response.ok) throw new Error(`no texts in ${language}`);
  return response.json();
}

export function explain({ texts, language }, { kind, waitSeconds }) {
  if (kind === 'offline') return texts.errorOffline;
  if (kind !== 'limited') return texts.errorServer;
  if (!(waitSeconds > 0)) return texts.errorLimitedUnknown;
  return fill(texts.errorLimited, { wait: duration(language, waitSeconds) });
}

function duration(language, seconds) {
  const [amount, unit] =
    seconds < 120 ? [seconds, 'second'] : seconds < 7200 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.ceil(amount));
}
