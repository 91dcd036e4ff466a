import { oneLine } from '../../html/clean-text.ts';
import { formatDate } from '../../html/dates.ts';
import { escapeHtml } from '../../html/escape.ts';
import { roleLabels } from '../../html/role-labels.ts';
import type { Language } from '../../model/language.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import type { Role } from '../../model/users/role.ts';
import { brandedPage } from '../branded.ts';
import { link } from '../parts.ts';
import { INVITATION_TEXTS } from './texts.ts';

type InvitationQuestion = {
  readonly view: 'question';
  readonly branding: Branding;
  readonly roles: readonly Role[];
  readonly expiresAt: number;
  /** Another credential set the password or address; acceptance ends it. */
  readonly prepared: boolean;
};

export type InvitationView = { readonly language: Language } & (
  | InvitationQuestion
  | { readonly view: 'accepted' | 'mailed'; readonly branding: Branding; readonly resellerId: string }
  | { readonly view: 'refused'; readonly branding: Branding }
  | { readonly view: 'unknown' }
  | { readonly view: 'busy'; readonly retryAfterSeconds: number }
);

const STATUS = { question: 200, accepted: 200, mailed: 200, refused: 200, unknown: 404, busy: 429 } as const;

export function invitationPage(shown: InvitationView): Promise<Response> {
  const { view, language } = shown;
  const branding = 'branding' in shown ? shown.branding : null;
  const tenant = branding === null ? '' : oneLine(branding.tenantName);
  const { heading, text } = INVITATION_TEXTS[language][view];
  const title = heading(tenant);
  const main = `<main id="view">
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text(tenant))}</p>${shown.view === 'question' ? form(shown, language, tenant) : ''}${signInLinkPath(shown)}
</main>`;
  const headers: Record<string, string> =
    shown.view === 'busy' ? { 'Retry-After': String(shown.retryAfterSeconds) } : {};
  return brandedPage({ language, title, main, branding, status: STATUS[view], headers });
}

function signInLinkPath(shown: InvitationView): string {
  if (shown.view !== 'unknown' && !('resellerId' in shown)) return '';
  const path = shown.view === 'unknown' ? '/sign-in' : `/sign-in?account=${shown.resellerId}`;
  return `\n<p>${link(path, INVITATION_TEXTS[shown.language].signIn)}</p>`;
}

function form({ roles, expiresAt, prepared }: InvitationQuestion, language: Language, tenant: string): string {
  const texts = INVITATION_TEXTS[language];
  const facts = [
    [texts.tenant, tenant],
    [texts.roles, roleLabels(roles, language)],
    [texts.until, formatDate(expiresAt, language)],
  ].filter(([, text]) => text !== '');
  return `
<dl id="account">
${facts.map(([term = '', text = '']) => `<dt>${escapeHtml(term)}</dt>\n<dd><bdi>${escapeHtml(text)}</bdi></dd>`).join('\n')}
</dl>${prepared ? `\n<p>${escapeHtml(texts.prepared)}</p>` : ''}
<form method="post">
<button name="answer" value="accept" class="main">${escapeHtml(texts.accept)}</button>
<button name="answer" value="refuse">${escapeHtml(texts.refuse)}</button>
</form>`;
}
