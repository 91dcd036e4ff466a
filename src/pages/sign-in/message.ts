import { escapeHtml } from '../../html/escape.ts';
import type { Failure } from '../../model/failure.ts';
import type { Language } from '../../model/language.ts';
import { link } from '../parts.ts';
import { type SignInVisit, signInPage, signInPath } from './sign-in-page.ts';
import { SIGN_IN_TEXTS } from './texts/index.ts';

export function flowEndedPage(visit: SignInVisit): Promise<Response> {
  const { overHeading, overText, startOver } = SIGN_IN_TEXTS[visit.language];
  return messagePage(visit, { status: 404, title: overHeading, text: overText, next: ['/sign-in', startOver] });
}

export function crossSiteFormPage(visit: SignInVisit): Promise<Response> {
  const { foreignHeading, foreignText, startOver } = SIGN_IN_TEXTS[visit.language];
  return messagePage(visit, { status: 403, title: foreignHeading, text: foreignText, next: ['/sign-in', startOver] });
}

/** `next` leads to the sign-in by default. */
export function busyPage(
  visit: SignInVisit,
  retryAfterSeconds: number,
  next?: MessageContent['next'],
): Promise<Response> {
  const { language, flow } = visit;
  const { busyHeading, busy, back } = SIGN_IN_TEXTS[language];
  return messagePage(visit, {
    status: 429,
    title: busyHeading,
    text: busy(duration(language, retryAfterSeconds)),
    next: next ?? [flow === null ? '/sign-in' : signInPath(flow.id), back],
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });
}

/** Does not disclose the reason. `name`: the provider's. */
export function providerPage(visit: SignInVisit, name: string, { kind }: Failure): Promise<Response> {
  const { language, flow } = visit;
  const { providerHeading, providerFailed, providerDown, back } = SIGN_IN_TEXTS[language];
  const isUnavailable = kind === 'provider_unavailable';
  return messagePage(visit, {
    status: isUnavailable ? 503 : 400,
    title: providerHeading,
    text: escapeHtml((isUnavailable ? providerDown : providerFailed)(name)),
    next: [flow === null ? '/sign-in' : signInPath(flow.id), back],
  });
}

type MessageContent = {
  readonly title: string;
  readonly text: string;
  /** An address and its label. */
  readonly next: readonly [string, string];
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
};

export function messagePage(visit: SignInVisit, { text, next, ...rest }: MessageContent): Promise<Response> {
  return signInPage(visit, { ...rest, main: `<h1>${rest.title}</h1>\n<p>${text}</p>\n${link(...next, 'button')}` });
}

/** Rounds up. */
function duration(language: Language, seconds: number): string {
  const [amount, unit] = seconds < 120 ? [seconds, 'second'] : [seconds / 60, 'minute'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.ceil(amount));
}
