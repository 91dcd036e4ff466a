/** `npm run mails`: renders every mail in every language into dist/mails. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brandingFor } from '../src/emails/branding.ts';
import { renderEmail } from '../src/emails/render.ts';
import { escapeHtml } from '../src/html/escape.ts';
import {
  EMAIL_TEMPLATES,
  type EmailContent,
  type EmailTemplate,
  type RenderedEmail,
} from '../src/model/emails/email.ts';
import { LANGUAGES, type Language } from '../src/model/language.ts';
import type { Branding } from '../src/model/resellers/branding.ts';
import { main } from './lib/command-error.ts';
import { takeNoArguments } from './lib/command-line.ts';
import { inRoot } from './lib/root.ts';

const folder = inRoot('dist', 'mails');
const logoUrl = 'https://northwind.example/logo.svg';
const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="176" height="40" viewBox="0 0 176 40">
<circle cx="20" cy="20" r="16" fill="#ffb703"/><path d="M20 6l7 26-7-7-7 7z" fill="#023047"/>
<text x="46" y="27" font-family="Helvetica,Arial,sans-serif" font-size="20" font-weight="700" fill="#023047">Northwind</text>
</svg>
`;

const brandings: Readonly<Record<string, Branding>> = {
  plain: {
    tenantName: 'Acme Trading GmbH',
    productName: 'Acme Cloud',
    primaryColor: '',
    logoUrl: null,
    supportEmail: null,
    senderName: 'Acme Cloud',
  },
  fancy: {
    tenantName: 'Northwind & Söhne KG',
    productName: 'Northwind & Söhne',
    primaryColor: '#ffb703',
    logoUrl,
    supportEmail: 'support@northwind.example',
    senderName: 'Northwind',
  },
};

const link = 'https://portal.example/activate#8Jq0nXyH3vT5m2Zk7Rw1cLs9bUe4dGf6aPiYoKtVhQM';
const expiresAt = Date.UTC(2027, 2, 1, 9, 30);
const contents: Readonly<Record<EmailTemplate, EmailContent>> = {
  activation: { template: 'activation', firstName: 'Ada', email: 'ada@example.com', link, expiresAt },
  'password-reset': { template: 'password-reset', firstName: '', email: 'ada@example.com', link, expiresAt },
  'webhook-suspended': {
    template: 'webhook-suspended',
    webhookName: 'Orders to ERP',
    webhookAddress: 'https://portal.example/v3/webhooks/01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b36',
    webhookUrl: 'https://hooks.example.com/reseller-edge/orders?region=eu',
    suspendedAt: Date.UTC(2027, 1, 22, 18, 5),
  },
  'status-update': {
    template: 'status-update',
    title: 'Uploads fail in the region eu-central',
    body: `Since 17:40 UTC about one upload in ten to eu-central fails with 503. Downloads are not affected.

What you can do:
  - retry: most uploads succeed at the second attempt
  - or upload to eu-west, which is healthy

We expect to be done by 20:00 and will write again then.`,
    severity: 'incident',
    publishedAt: Date.UTC(2027, 1, 22, 18, 5),
    unsubscribeLink: 'https://portal.example/unsubscribe/k1.8Jq0nXyH3vT5m2Zk7Rw1cLs9bUe4dGf6aPiYoKtVhQM',
  },
  'subscription-confirmation': {
    template: 'subscription-confirmation',
    email: 'ada@example.com',
    subscribeLink: 'https://portal.example/subscribe/k1.8Jq0nXyH3vT5m2Zk7Rw1cLs9bUe4dGf6aPiYoKtVhQM',
    unsubscribeLink: 'https://portal.example/unsubscribe/k1.8Jq0nXyH3vT5m2Zk7Rw1cLs9bUe4dGf6aPiYoKtVhQM',
  },
  'membership-invitation': {
    template: 'membership-invitation',
    firstName: 'Ada',
    email: 'ada@example.com',
    tenantName: 'Northwind & Söhne KG',
    roles: ['account.user', 'user.admin', 'account.service.status', 'account.storage.admin', 'onboarding.admin'],
    expiresAt,
    invitationLink: 'https://portal.example/invitation/k1.8Jq0nXyH3vT5m2Zk7Rw1cLs9bUe4dGf6aPiYoKtVhQM',
  },
  'security-notice': {
    template: 'security-notice',
    change: 'account.two-factor-disabled',
    firstName: 'Ada',
    email: 'ada@example.com',
    changedAt: Date.UTC(2027, 1, 22, 18, 5),
    address: '2001:db8:85a3:8d3',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0',
    resetLink: 'https://portal.example/activate',
  },
};

type SampleMail = { readonly name: string; readonly language: Language; readonly mail: RenderedEmail };

await main(async () => {
  takeNoArguments('npm run mails');
  const samples = Object.entries(brandings).flatMap(([brand, branding]) =>
    EMAIL_TEMPLATES.flatMap((template) =>
      LANGUAGES.map((language) => ({
        name: `${template}.${language}.${brand}`,
        language,
        mail: renderEmail(
          contents[template],
          language,
          brandingFor(template, { branding, unproved: template === 'activation' }),
          'Edge Hosting',
        ),
      })),
    ),
  );
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'logo.svg'), logo);
  await Promise.all(samples.map(save));
  await writeFile(join(folder, 'index.html'), index(samples));
  console.log(`Wrote ${samples.length} mails; look at ${join(folder, 'index.html')}`);
});

/** The sample logo's URL does not exist. */
async function save({ name, mail: { subject, text, html } }: SampleMail): Promise<void> {
  await writeFile(join(folder, `${name}.html`), html.replaceAll(logoUrl, 'logo.svg'));
  await writeFile(join(folder, `${name}.txt`), `Subject: ${subject}\n\n${text}`);
}

function index(samples: readonly SampleMail[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mails</title>
<style>
:root{color-scheme:light dark;font-family:sans-serif}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,600px),1fr));gap:24px}
h2{font-size:16px}
iframe{box-sizing:border-box;width:100%;height:720px;border:1px solid #8888}
</style>
</head>
<body>
<h1>Mails</h1>
<main>
${samples.map(section).join('\n')}
</main>
</body>
</html>
`;
}

function section({ name, language, mail: { subject } }: SampleMail): string {
  return `<section>
<h2 lang="${language}">${escapeHtml(subject)}</h2>
<p>${name}: <a href="${name}.html">HTML</a>, <a href="${name}.txt">text</a></p>
<iframe src="${name}.html" title="${name}" loading="lazy"></iframe>
</section>`;
}
