import { envelope } from './icons.js';
import { paragraph, show } from './stage.js';

/** The view after a new link was asked for: the same whether somebody has the address or not. */
export function showSent(page, text, ...more) {
  show(page, page.texts.sentHeading, envelope(), paragraph(...text), paragraph(page.texts.sentHint), ...more);
}
