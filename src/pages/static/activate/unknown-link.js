import { element, sentence } from './dom.js';
import { form, markWrong } from './form.js';
import { showSent } from './sent.js';
import { sendMail } from './server.js';
import { paragraph, show } from './stage.js';
import { explain } from './texts.js';

const ADDRESS = /^[^\s@]+@[^\s@]+$/;

export function showUnknownLink(page) {
  const { texts } = page;
  const input = element('input', {
    id: 'email',
    name: 'email',
    type: 'email',
    autocomplete: 'email',
    'aria-required': 'true',
    'aria-describedby': 'complaint',
  });
  const send = async () => {
    const email = input.value.trim();
    if (!ADDRESS.test(email)) return complain();
    const { problem } = await sendMail({ email });
    if (problem?.kind === 'rejected') return complain();
    if (problem !== undefined) return explain(page, problem);
    const again = element('button', { type: 'button' }, texts.otherAddress);
    again.addEventListener('click', () => showUnknownLink(page));
    showSent(page, sentence(texts.sentToText, { email }), again);
    return null;
  };
  const complain = () => {
    markWrong(input);
    return texts.emailInvalid;
  };
  const fields = [element('label', { for: 'email' }, texts.email), element('div', { class: 'box' }, input)];
  show(
    page,
    texts.unknownHeading,
    paragraph(texts.unknownText),
    form({ fields, label: texts.send, busyLabel: texts.sending, send }),
  );
}
