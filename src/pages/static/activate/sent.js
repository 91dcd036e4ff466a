import { envelope } from './icons.js';
import { paragraph, show } from './stage.js';

/** The same whether the address has an account or not. */
export function showSent(page, text, ...more) {
  show(page, page.texts.sentHeading, envelope(), paragraph(...text), paragraph(page.texts.sentHint), ...more);
}
