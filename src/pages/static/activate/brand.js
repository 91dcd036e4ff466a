import { element, sentence } from './dom.js';

export function showBrand(texts, { productName, primaryColor, supportEmail }) {
  showPart('#brand', [element('bdi', {}, productName)]);
  if (/^#[0-9a-f]{6}$/i.test(primaryColor)) paint(primaryColor);
  if (supportEmail === null) return;
  const address = encodeURIComponent(supportEmail).replaceAll('%40', '@');
  const link = element('a', { href: `mailto:${address}` }, supportEmail);
  showPart('#support', sentence(texts.support, { supportEmail: link }));
}

function showPart(selector, content) {
  const part = document.querySelector(selector);
  part.replaceChildren(...content);
  part.hidden = false;
}

function paint(color) {
  const { style } = document.documentElement;
  style.setProperty('--brand', color);
  style.setProperty('--on-brand', isLight(color) ? '#000000' : '#ffffff');
}

/** The better of black and white has a contrast of at least 4.58 (WCAG 2.2). */
function isLight(color) {
  const [red, green, blue] = [1, 3, 5].map((start) => linear(Number.parseInt(color.slice(start, start + 2), 16) / 255));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) ** 2 > 1.05 * 0.05;
}

function linear(channel) {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
