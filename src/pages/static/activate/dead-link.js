import { sentence } from './dom.js';
import { form } from './form.js';
import { showSent } from './sent.js';
import { sendMail } from './server.js';
import { signInLink } from './sign-in-link.js';
import { paragraph, show } from './stage.js';
import { explain } from './texts.js';

export function showDeadLink(page) {
  const { texts, productName } = page;
  const name = nameOf(page.link);
  const send = async () => {
    const { problem } = await sendMail({ token: page.token });
    if (problem !== undefined) return explain(page, problem);
    showSent(page, [texts.sentText]);
    return null;
  };
  show(
    page,
    texts[`${name}Heading`],
    paragraph(...sentence(texts[`${name}Text`], { productName: productName ?? location.host })),
    ...(page.link.state === 'used' ? [signInLink(texts, page.link.email)] : []),
    form({ label: texts.send, busyLabel: texts.sending, send }),
  );
}

function nameOf({ state, purpose }) {
  if (state !== 'used') return state;
  return purpose === 'activation' ? 'usedActivation' : 'usedReset';
}
