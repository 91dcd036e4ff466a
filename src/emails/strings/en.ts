import type { Strings } from './strings.ts';

export const en: Strings = {
  hello: (firstName) => (firstName ? `Hello ${firstName},` : 'Hello,'),
  validity: (until) => `The link works once, until ${until}.`,
  copy: 'If the button does not work, copy this address into your browser:',
  sentBy: (operator, tenant) => `Sent by ${operator} for ${tenant}.`,
  activation: {
    subject: (product) => `Activate your ${product} account`,
    title: (product) => `Welcome to ${product}`,
    reason: (product, email) =>
      `An account at ${product} has been created for ${email}. Confirm this address and choose a password, and you are ready to go.`,
    button: 'Activate account',
    unexpected: 'Not expecting this message? You can safely ignore it: nothing happens unless the link is used.',
  },
  'password-reset': {
    subject: (product) => `Reset your ${product} password`,
    title: () => 'Reset your password',
    reason: (product, email) =>
      `You can choose a new password for the ${product} account of ${email}. A reset was requested, or it is needed because your administrator set the previous password or address.`,
    button: 'Choose a new password',
    unexpected: 'Not expecting this message? You can safely ignore it: nothing changes unless the link is used.',
  },
  'webhook-suspended': {
    subject: (webhook) => `Webhook “${webhook}” has been suspended`,
    title: 'A webhook has been suspended',
    reason: (product) =>
      `${product} no longer sends events to the webhook below: deliveries to it kept failing, or its receiver asked us to stop.`,
    missing: 'From now on it misses every new event.',
    since: 'Suspended since',
    next: 'As soon as your receiver is ready again, two calls of the API set things right:',
    enable: 'Enables the webhook again and sends the deliveries that were held back.',
    recover: 'Replays the events that it missed in the meantime.',
  },
  'status-update': {
    kinds: {
      info: (product) => `Notice from ${product}`,
      maintenance: (product) => `Maintenance at ${product}`,
      incident: (product) => `Incident at ${product}`,
      release: (product) => `New at ${product}`,
    },
    reason: (product) =>
      `You receive this message because you are subscribed to status updates and release notes from ${product}.`,
    unsubscribe: 'Unsubscribe',
  },
  'subscription-confirmation': {
    subject: (product) => `Confirm status updates from ${product}`,
    title: (product) => `Receive status updates from ${product}?`,
    reason: (product, email) =>
      `An administrator has chosen ${email} to receive status updates and release notes from ${product}. Nothing is sent until you confirm.`,
    button: 'Receive status updates',
    unexpected:
      'Not expecting this message? You can safely ignore it: without your confirmation you receive no updates.',
    refusal: 'You can also decide not to be asked again:',
    refuse: 'Send me no status updates',
  },
  'membership-invitation': {
    subject: (tenant) => `${tenant} invites you`,
    title: (tenant) => `Invitation from ${tenant}`,
    reason: (tenant, email) =>
      `${tenant} invites ${email} to its account. If you accept, sign in there with your existing account.`,
    tenant: 'Invited by',
    roles: 'What you can do there',
    until: 'Expires on',
    button: 'View invitation',
    unexpected: 'Not expecting this message? You can safely ignore it: nothing happens unless you accept.',
    refusal: (tenant, days) => `If you decline, ${tenant} cannot invite you again for ${days} days.`,
  },
  'security-notice': {
    changes: {
      'account.password-changed': 'Your password has been changed',
      'account.two-factor-enabled': 'Two-factor sign-in has been enabled',
      'account.two-factor-disabled': 'Two-factor sign-in has been disabled',
      'account.recovery-codes-created': 'New recovery codes have been created',
      'account.recovery-code-used': 'A recovery code has been used to sign in',
      'account.passkey-added': 'A passkey has been added',
      'account.passkey-removed': 'A passkey has been removed',
      'account.google-linked': 'Sign-in with Google has been enabled',
      'account.google-unlinked': 'Sign-in with Google has been disabled',
      'account.second-factor-guessed': 'Wrong sign-in codes were entered after your password',
      'email-changed': 'Your email address has been changed',
    },
    reason: (product) => `This concerns the way you sign in to ${product}.`,
    account: 'Account',
    at: 'When',
    from: 'Network address',
    device: 'Browser or app',
    expected: 'Was this you, or did your administrator do it for you? Then there is nothing to do.',
    unexpected:
      'Was it neither? Choose a new password at once, which ends every session, and tell whoever administers your account.',
    unexpectedMove:
      'Was it neither? Tell whoever administers your account at once: mail about it no longer goes to this address.',
  },
};
