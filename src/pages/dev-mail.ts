import { type EmailRecord, listRecentEmails } from '../db/emails/emails.ts';
import { escapeHtml } from '../html/escape.ts';
import { notFound } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { OutgoingEmail } from '../model/emails/email.ts';
import { DEV_MAILS_MAX } from '../model/limits/index.ts';
import { html } from './html.ts';

/** Allows inline styles and remote images, as mail clients do. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox";
const LIST_POLICY =
  "default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export type SentEmails = readonly OutgoingEmail[];

/** Contents exist only for e-mails in `sent`. */
export async function devMails({ db }: RequestContext, sent: SentEmails): Promise<Response> {
  const sentById = new Map(sent.map((mail) => [mail.id, mail]));
  const mails = await listRecentEmails(db, DEV_MAILS_MAX);
  const rows = mails.map((mail) => row(mail, sentById.get(mail.id)?.subject)).join('\n');
  return shell(
    'Mails',
    mails.length === 0
      ? '<p>No mail yet. A user who is created without a password is sent one.</p>'
      : `<table><thead><tr><th>When</th><th>To</th><th>Mail</th><th>State</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function row({ id, createdAt, recipient, template, language, state, attempts, reason }: EmailRecord, subject?: string) {
  const missingNote = state === 'sent' ? ' (not kept over a restart)' : '';
  const title =
    subject === undefined
      ? `${template} (${language})${missingNote}`
      : `<a href="/dev/mail/${id}">${escapeHtml(subject)}</a>`;
  const reasonNote = reason === '' ? '' : `, ${escapeHtml(reason)}`;
  const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
  return `<tr><td>${time(createdAt)}</td><td>${escapeHtml(recipient)}</td><td>${title}</td><td>${state}${tries}${reasonNote}</td></tr>`;
}

export function devMail({ url }: RequestContext, sent: SentEmails): Response {
  const mail = mailAt(url, sent);
  if (mail === undefined) return notFound();
  const { id, from, to, subject, replyTo, text } = mail;
  const reply = replyTo === null ? '' : `<dt>Reply to</dt><dd>${escapeHtml(replyTo)}</dd>`;
  return shell(
    subject,
    `<p><a href="/dev/mail">All mails</a></p>
<dl><dt>From</dt><dd>${escapeHtml(from.name)} &lt;${escapeHtml(from.email)}&gt;</dd><dt>To</dt><dd>${escapeHtml(to)}</dd>${reply}</dl>
<iframe src="/dev/mail/${id}/html" title="The mail as HTML"></iframe>
<h2>As text</h2>
<pre>${escapeHtml(text)}</pre>`,
  );
}

export function devMailHtml({ url }: RequestContext, sent: SentEmails): Response {
  const mail = mailAt(url, sent);
  if (mail === undefined) return notFound();
  return html(mail.html.replace('<head>', '<head>\n<base target="_blank">'), { policy: MAIL_POLICY });
}

function mailAt({ pathname }: URL, sent: SentEmails) {
  const id = pathname.split('/')[3];
  return sent.find((mail) => mail.id === id);
}

function shell(title: string, body: string): Response {
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · reseller-edge</title>
<link rel="stylesheet" href="/docs/page.css">
<link rel="stylesheet" href="/docs/mails.css">
</head>
<body>
<main class="mails">
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
  return html(page, { policy: LIST_POLICY });
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
