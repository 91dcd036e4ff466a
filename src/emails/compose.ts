import { greetingName, linesOf, oneLine } from '../html/clean-text.ts';
import { formatDate } from '../html/dates.ts';
import { roleLabels } from '../html/role-labels.ts';
import type { EmailContent } from '../model/emails/email.ts';
import type { Language } from '../model/language.ts';
import { REFUSAL_COOLDOWN_DAYS } from '../model/limits/index.ts';
import type { Block, Letter } from './letter.ts';
import type { Strings } from './strings/strings.ts';

type LinkMail = Extract<EmailContent, { link: string }>;
type SecurityNoticeMail = Extract<EmailContent, { template: 'security-notice' }>;
type StatusMail = Extract<EmailContent, { template: 'status-update' }>;
type InvitationMail = Extract<EmailContent, { template: 'membership-invitation' }>;
type ConfirmationMail = Extract<EmailContent, { template: 'subscription-confirmation' }>;
type SuspensionMail = Extract<EmailContent, { template: 'webhook-suspended' }>;

/** `product` is one line. */
export function compose(content: EmailContent, strings: Strings, language: Language, product: string): Letter {
  switch (content.template) {
    case 'activation':
    case 'password-reset':
      return linkLetter(content, strings, formatDate(content.expiresAt, language), product);
    case 'webhook-suspended':
      return suspensionLetter(content, strings, formatDate(content.suspendedAt, language), product);
    case 'status-update':
      return statusLetter(content, strings, formatDate(content.publishedAt, language), product);
    case 'subscription-confirmation':
      return confirmationLetter(content, strings, product);
    case 'membership-invitation':
      return invitationLetter(content, strings, language);
    case 'security-notice':
      return noticeLetter(content, strings, formatDate(content.changedAt, language), product);
  }
}

function linkLetter({ template, firstName, email, link }: LinkMail, strings: Strings, until: string, product: string) {
  const own = strings[template];
  const validity = strings.validity(until);
  return {
    subject: own.subject(product),
    preview: validity,
    title: own.title(product),
    blocks: [
      paragraph(strings.hello(greetingName(firstName))),
      paragraph(own.reason(product, oneLine(email))),
      { kind: 'button', label: own.button, link, copy: strings.copy },
      paragraph(validity),
      paragraph(own.unexpected),
    ],
  } satisfies Letter;
}

/** API calls are the same in every language. */
function suspensionLetter(content: SuspensionMail, strings: Strings, since: string, product: string) {
  const own = strings['webhook-suspended'];
  const name = oneLine(content.webhookName);
  const address = oneLine(content.webhookAddress);
  return {
    subject: own.subject(name),
    preview: own.missing,
    title: own.title,
    blocks: [
      paragraph(strings.hello('')),
      paragraph(own.reason(product)),
      paragraph(own.missing),
      {
        kind: 'facts',
        facts: [
          { label: 'Webhook', value: name },
          { label: 'URL', value: oneLine(content.webhookUrl) },
          { label: own.since, value: since },
        ],
      },
      paragraph(own.next),
      {
        kind: 'facts',
        facts: [
          { label: `PATCH ${address} {"enabled": true}`, value: own.enable },
          { label: `POST ${address}/recover`, value: own.recover },
        ],
      },
    ],
  } satisfies Letter;
}

function statusLetter(
  { title, body, severity, unsubscribeLink }: StatusMail,
  strings: Strings,
  at: string,
  product: string,
) {
  const own = strings['status-update'];
  const kind = own.kinds[severity](product);
  const label = `${kind} · ${at}`;
  return {
    subject: `[${kind}] ${oneLine(title)}`,
    preview: label,
    title: oneLine(title),
    blocks: [
      { kind: 'label', text: label },
      { kind: 'lines', lines: linesOf(body) },
      { kind: 'unsubscribe', reason: own.reason(product), label: own.unsubscribe, link: unsubscribeLink },
    ],
  } satisfies Letter;
}

function confirmationLetter(
  { email, subscribeLink, unsubscribeLink }: ConfirmationMail,
  strings: Strings,
  product: string,
) {
  const own = strings['subscription-confirmation'];
  return {
    subject: own.subject(product),
    preview: own.unexpected,
    title: own.title(product),
    blocks: [
      paragraph(strings.hello('')),
      paragraph(own.reason(product, oneLine(email))),
      { kind: 'button', label: own.button, link: subscribeLink, copy: strings.copy },
      paragraph(own.unexpected),
      { kind: 'unsubscribe', reason: own.refusal, label: own.refuse, link: unsubscribeLink },
    ],
  } satisfies Letter;
}

function invitationLetter(content: InvitationMail, strings: Strings, language: Language) {
  const own = strings['membership-invitation'];
  const tenant = oneLine(content.tenantName);
  const facts = [
    { label: own.tenant, value: tenant },
    { label: own.roles, value: roleLabels(content.roles, language) },
    { label: own.until, value: formatDate(content.expiresAt, language) },
  ].filter(({ value }) => value !== '');
  return {
    subject: own.subject(tenant),
    preview: own.unexpected,
    title: own.title(tenant),
    blocks: [
      paragraph(strings.hello(greetingName(content.firstName))),
      paragraph(own.reason(tenant, oneLine(content.email))),
      { kind: 'facts', facts },
      { kind: 'button', label: own.button, link: content.invitationLink, copy: strings.copy },
      paragraph(own.unexpected),
      paragraph(own.refusal(tenant, REFUSAL_COOLDOWN_DAYS)),
    ],
  } satisfies Letter;
}

/** Only the facts may hold text of other people, such as a browser's name. */
function noticeLetter(content: SecurityNoticeMail, strings: Strings, at: string, product: string) {
  const own = strings['security-notice'];
  const { change, firstName, email, address, userAgent, resetLink } = content;
  const title = own.changes[change];
  const facts = [
    { label: own.account, value: oneLine(email) },
    { label: own.at, value: at },
    { label: own.from, value: oneLine(address) },
    { label: own.device, value: oneLine(userAgent) },
  ].filter(({ value }) => value !== '');
  const reset: Block = { kind: 'button', label: strings['password-reset'].button, link: resetLink, copy: strings.copy };
  // The reset link would go to the new address.
  const moved = change === 'email-changed';
  return {
    subject: `[${product}] ${title}`,
    preview: own.reason(product),
    title,
    blocks: [
      paragraph(strings.hello(greetingName(firstName))),
      paragraph(own.reason(product)),
      { kind: 'facts', facts },
      paragraph(own.expected),
      ...(moved ? [paragraph(own.unexpectedMove)] : [paragraph(own.unexpected), reset]),
    ],
  } satisfies Letter;
}

function paragraph(text: string): Block {
  return { kind: 'words', text };
}
