import { form } from '../../parts.ts';
import type { AccountView } from '../view.ts';
import { MEMBERSHIP_TEXTS } from './membership-texts.ts';

export function ownDataPart({ language }: AccountView): string {
  const texts = MEMBERSHIP_TEXTS[language];
  return `<section>
<h2>${texts.data}</h2>
<p>${texts.dataText}</p>
${form({ action: '/account/export', fields: '', submit: texts.export, main: false })}
<details>
<summary>${texts.remove}</summary>
<p>${texts.removeText}</p>
${form({ action: '/account/delete', fields: '', submit: texts.remove, main: false })}
</details>
</section>`;
}
