import { element, sentence } from './dom.js';
import { form, markWrong } from './form.js';
import { tick } from './icons.js';
import { passwordField } from './password-field.js';
import { setPassword } from './server.js';
import { signInLink } from './sign-in-link.js';
import { paragraph, show } from './stage.js';
import { explain } from './texts.js';
import { forgetToken } from './token.js';

export function showOpenLink(page) {
  const { texts, link, productName } = page;
  const [heading, intro] =
    link.purpose === 'activation'
      ? [texts.activationHeading, texts.activationIntro]
      : [texts.resetHeading, texts.resetIntro];
  const field = passwordField(page);
  const send = async () => {
    const missing = field.missing();
    if (missing !== null) return complain(field, missing);
    // Browsers may remember the value of a visible field.
    field.hide();
    const { problem } = await setPassword(page.token, field.input.value);
    if (problem === undefined) return showDone(page);
    if (problem.kind === 'link') {
      await page.restart();
      return null;
    }
    return problem.kind === 'rejected' ? complain(field, texts.errorRejected) : explain(page, problem);
  };
  const fields = [usernameField(link.email), ...field.nodes];
  show(
    page,
    heading,
    paragraph(...sentence(intro, { productName: productName ?? location.host })),
    account(page),
    form({ fields, label: texts.save, busyLabel: texts.saving, send }),
  );
}

function complain(field, text) {
  markWrong(field.input);
  return text;
}

function account({ texts, link: { name, email } }) {
  const whom = [name, email].filter((part) => part !== null);
  const lines = whom.map((part) => element('dd', {}, element('bdi', {}, ...breakable(part))));
  return element('dl', { id: 'account' }, element('dt', {}, texts.account), ...lines);
}

function breakable(text) {
  const [start, ...rest] = text.split(/(?=@)/);
  return [start, ...rest.flatMap((part) => [element('wbr'), part])];
}

/** Password managers store the password under this name. */
function usernameField(email) {
  return element('input', {
    class: 'unseen',
    type: 'text',
    name: 'username',
    autocomplete: 'username',
    value: email,
    readonly: true,
    tabindex: '-1',
    'aria-hidden': 'true',
  });
}

function showDone(page) {
  forgetToken();
  const { texts, link, productName } = page;
  const next = sentence(texts.doneText, { productName: productName ?? location.host, email: link.email });
  show(page, texts.doneHeading, tick(), paragraph(...next), signInLink(texts, link.email));
  return null;
}
