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

function linkLetter({ template, firstName, email, link }: LinkMail, strings: Strings, expiry: string, product: string) {
  const texts = strings[template];
  const validity = strings.validity(expiry);
  return {
    subject: texts.subject(product),
    preview: validity,
    title: texts.title(product),
    blocks: [
      paragraph(strings.hello(greetingName(firstName))),
      paragraph(texts.reason(product, oneLine(email))),
      { kind: 'button', label: texts.button, link, copy: strings.copy },
      paragraph(validity),
      paragraph(texts.unexpected),
    ],
  } satisfies Letter;
}

/** API calls are the same in every language. */
function suspensionLetter(content: SuspensionMail, strings: Strings, since: string, product: string) {
  const texts = strings['webhook-suspended'];
  const name = oneLine(content.webhookName);
  const address = oneLine(content.webhookAddress);
  return {
    subject: texts.subject(name),
    preview: texts.missing,
    title: texts.title,
    blocks: [
      paragraph(strings.hello('')),
      paragraph(texts.reason(product)),
      paragraph(texts.missing),
      {
        kind: 'facts',
        facts: [
          { label: 'Webhook', value: name },
          { label: 'URL', value: oneLine(content.webhookUrl) },
          { label: texts.since, value: since },
        ],
      },
      paragraph(texts.next),
      {
        kind: 'facts',
        facts: [
          { label: `PATCH ${address} {"enabled": true}`, value: texts.enable },
          { label: `POST ${address}/recover`, value: texts.recover },
        ],
      },
    ],
  } satisfies Letter;
}

function statusLetter(
  { title, body, severity, unsubscribeLink }: StatusMail,
  strings: Strings,
  time: string,
  product: string,
) {
  const texts = strings['status-update'];
  const kind = texts.kinds[severity](product);
  const label = `${kind} · ${time}`;
  return {
    subject: `[${kind}] ${oneLine(title)}`,
    preview: label,
    title: oneLine(title),
    blocks: [
      { kind: 'label', text: label },
      { kind: 'lines', lines: linesOf(body) },
      { kind: 'unsubscribe', reason: texts.reason(product), label: texts.unsubscribe, link: unsubscribeLink },
    ],
  } satisfies Letter;
}

function confirmationLetter(
  { email, subscribeLink, unsubscribeLink }: ConfirmationMail,
  strings: Strings,
  product: string,
) {
  const texts = strings['subscription-confirmation'];
  return {
    subject: texts.subject(product),
    preview: texts.unexpected,
    title: texts.title(product),
    blocks: [
      paragraph(strings.hello('')),
      paragraph(texts.reason(product, oneLine(email))),
      { kind: 'button', label: texts.button, link: subscribeLink, copy: strings.copy },
      paragraph(texts.unexpected),
      { kind: 'unsubscribe', reason: texts.refusal, label: texts.refuse, link: unsubscribeLink },
    ],
  } satisfies Letter;
}

function invitationLetter(content: InvitationMail, strings: Strings, language: Language) {
  const texts = strings['membership-invitation'];
  const tenant = oneLine(content.tenantName);
  const facts = [
    { label: texts.tenant, value: tenant },
    { label: texts.roles, value: roleLabels(content.roles, language) },
    { label: texts.until, value: formatDate(content.expiresAt, language) },
  ].filter(({ value }) => value !== '');
  return {
    subject: texts.subject(tenant),
    preview: texts.unexpected,
    title: texts.title(tenant),
    blocks: [
      paragraph(strings.hello(greetingName(content.firstName))),
      paragraph(texts.reason(tenant, oneLine(content.email))),
      { kind: 'facts', facts },
      { kind: 'button', label: texts.button, link: content.invitationLink, copy: strings.copy },
      paragraph(texts.unexpected),
      paragraph(texts.refusal(tenant, REFUSAL_COOLDOWN_DAYS)),
    ],
  } satisfies Letter;
}

/** Only the facts may hold text of other people, such as a browser's name. */
function noticeLetter(content: SecurityNoticeMail, strings: Strings, time: string, product: string) {
  const texts = strings['security-notice'];
  const { change, firstName, email, address, userAgent, resetLink } = content;
  const title = texts.changes[change];
  const facts = [
    { label: texts.account, value: oneLine(email) },
    { label: texts.at, value: time },
    { label: texts.from, value: oneLine(address) },
    { label: texts.device, value: oneLine(userAgent) },
  ].filter(({ value }) => value !== '');
  const reset: Block = { kind: 'button', label: strings['password-reset'].button, link: resetLink, copy: strings.copy };
  // The reset link would go to the new address.
  const addressChanged = change === 'email-changed';
  return {
    subject: `[${product}] ${title}`,
    preview: texts.reason(product),
    title,
    blocks: [
      paragraph(strings.hello(greetingName(firstName))),
      paragraph(texts.reason(product)),
      { kind: 'facts', facts },
      paragraph(texts.expected),
      ...(addressChanged ? [paragraph(texts.unexpectedMove)] : [paragraph(texts.unexpected), reset]),
    ],
  } satisfies Letter;
}

function paragraph(text: string): Block {
  return { kind: 'words', text };
}
