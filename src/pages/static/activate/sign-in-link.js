import { element } from './dom.js';
import { paragraph } from './stage.js';

export function signInLink(texts, email) {
  const href = email === null ? '/sign-in' : `/sign-in?email=${encodeURIComponent(email)}`;
  return paragraph(element('a', { href }, texts.signIn));
}
