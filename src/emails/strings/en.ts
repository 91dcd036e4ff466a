import type { Strings } from './strings.ts';

export const en: Strings = {
  hello: (firstName) => (firstName ? `Hello ${firstName},` : 'Hello,'),
  validity: (until) => `The link works once, until ${until}.`,
  copy: 'If the button does not work, copy this address into your browser:',
  help: 'Questions? We are happy to help: ',
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
      `We have been asked to reset the password of the ${product} account for ${email}. Use the link below to choose a new one.`,
    button: 'Choose a new password',
    unexpected: 'Was this not you? You can safely ignore this message: your password stays as it is.',
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
};
