import type { Language } from '../../model/language.ts';
import type { Branding } from '../../model/resellers/branding.ts';
import type { SignInFlow } from '../../model/sign-in/flow.ts';
import { brandedPage } from '../branded.ts';
import { PASSKEY_SCRIPT } from '../passkey-panel.ts';

export type SignInVisit = {
  readonly language: Language;
  readonly flow: SignInFlow | null;
  readonly branding: Branding | null;
};

type SignInPageContent = {
  readonly title: string;
  readonly main: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly scripted?: boolean;
  readonly account?: boolean;
};

export function signInPage(
  { language, flow, branding }: SignInVisit,
  { title, main, ...rest }: SignInPageContent,
): Promise<Response> {
  const { scripted = false, account = false } = rest;
  const styles = account ? '<link rel="stylesheet" href="/pages/account.css">\n' : '';
  return brandedPage({
    ...rest,
    language,
    title,
    main: `<main id="view">\n${main}\n</main>`,
    head: `<link rel="stylesheet" href="/pages/sign-in.css">\n${styles}${scripted ? PASSKEY_SCRIPT : ''}`,
    branding,
    leadsTo: flow?.goal.kind === 'page' ? flow.goal.origin : null,
    referrer: 'same-origin',
  });
}

export function signInPath(flowId: string): string {
  return `/sign-in?flow=${flowId}`;
}
