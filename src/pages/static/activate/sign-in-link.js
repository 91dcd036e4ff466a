import { element } from './dom.js';
import { paragraph } from './stage.js';

/** The way to the page where one signs in, with the address filled in where it is known. */
export function signInLink(texts, email) {
  const href = email === null ? '/sign-in' : `/sign-in?email=${encodeURIComponent(email)}`;
  return paragraph(element('a', { href }, texts.signIn));
}
