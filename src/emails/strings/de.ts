import type { Strings } from './strings.ts';

/** A sentence continues in lower case after the greeting's comma, so each begins with a noun or “Ihr”. */
export const de: Strings = {
  hello: (firstName) => (firstName ? `Guten Tag ${firstName},` : 'Guten Tag,'),
  validity: (until) => `Der Link funktioniert nur einmal, und zwar bis zum ${until}.`,
  copy: 'Falls die Schaltfläche nicht funktioniert, kopieren Sie bitte diese Adresse in Ihren Browser:',
  sentBy: (operator, tenant) => `Gesendet von ${operator} im Auftrag von ${tenant}.`,
  activation: {
    subject: (product) => `Aktivieren Sie Ihr Konto bei ${product}`,
    title: (product) => `Willkommen bei ${product}`,
    reason: (product, email) =>
      `Ihr Konto bei ${product} wurde für ${email} angelegt. Bestätigen Sie nur noch diese Adresse und wählen Sie ein Passwort, dann kann es losgehen.`,
    button: 'Konto aktivieren',
    unexpected:
      'Sie haben diese Nachricht nicht erwartet? Dann ignorieren Sie sie einfach: Solange niemand den Link verwendet, geschieht nichts.',
  },
  'password-reset': {
    subject: (product) => `Passwort für ${product} zurücksetzen`,
    title: () => 'Passwort zurücksetzen',
    reason: (product, email) =>
      `Für das Konto ${email} bei ${product} können Sie ein neues Passwort wählen. Das wurde angefordert, oder es ist nötig, weil Ihr Administrator das bisherige Passwort oder die Adresse festgelegt hatte.`,
    button: 'Neues Passwort wählen',
    unexpected:
      'Sie haben diese Nachricht nicht erwartet? Dann ignorieren Sie sie einfach: Ohne den Link ändert sich nichts.',
  },
  'webhook-suspended': {
    subject: (webhook) => `Webhook „${webhook}“ wurde ausgesetzt`,
    title: 'Ein Webhook wurde ausgesetzt',
    reason: (product) =>
      `Ihr unten genannter Webhook erhält von ${product} keine Ereignisse mehr: Zustellungen sind wiederholt fehlgeschlagen, oder der Empfänger hat uns gebeten, damit aufzuhören.`,
    missing: 'Ab sofort verpasst er jedes neue Ereignis.',
    since: 'Ausgesetzt seit',
    next: 'Sobald Ihr Empfänger wieder bereit ist, bringen zwei API-Aufrufe alles in Ordnung:',
    enable: 'Schaltet den Webhook wieder ein und sendet die zurückgehaltenen Zustellungen.',
    recover: 'Sendet die in der Zwischenzeit verpassten Ereignisse nach.',
  },
  'status-update': {
    kinds: {
      info: (product) => `Hinweis von ${product}`,
      maintenance: (product) => `Wartung bei ${product}`,
      incident: (product) => `Störung bei ${product}`,
      release: (product) => `Neues bei ${product}`,
    },
    reason: (product) =>
      `Sie erhalten diese Nachricht, weil Sie Statusmeldungen und Versionshinweise von ${product} abonniert haben.`,
    unsubscribe: 'Abbestellen',
  },
  'subscription-confirmation': {
    subject: (product) => `Statusmeldungen von ${product} bestätigen`,
    title: (product) => `Statusmeldungen von ${product} erhalten?`,
    reason: (product, email) =>
      `Ihre Adresse ${email} wurde von einem Administrator für Statusmeldungen und Versionshinweise von ${product} vorgesehen. Gesendet werden sie erst, wenn Sie zustimmen.`,
    button: 'Statusmeldungen erhalten',
    unexpected:
      'Sie haben diese Nachricht nicht erwartet? Dann ignorieren Sie sie einfach: Ohne Ihre Zustimmung erhalten Sie keine Statusmeldungen.',
    refusal: 'Auf Wunsch fragen wir Sie auch nicht wieder:',
    refuse: 'Keine Statusmeldungen senden',
  },
  'membership-invitation': {
    subject: (tenant) => `${tenant} lädt Sie ein`,
    title: (tenant) => `Einladung von ${tenant}`,
    reason: (tenant, email) =>
      `${tenant} lädt ${email} als Mitglied ein. Wenn Sie annehmen, melden Sie sich dort mit Ihrem bestehenden Zugang an.`,
    tenant: 'Eingeladen von',
    roles: 'Was Sie dort tun können',
    until: 'Gültig bis',
    button: 'Einladung ansehen',
    unexpected:
      'Sie haben diese Nachricht nicht erwartet? Dann ignorieren Sie sie einfach: Solange Sie nicht annehmen, geschieht nichts.',
    refusal: (tenant, days) => `Wenn Sie ablehnen, kann ${tenant} Sie ${days} Tage lang nicht erneut einladen.`,
  },
  'security-notice': {
    changes: {
      'account.password-changed': 'Ihr Passwort wurde geändert',
      'account.two-factor-enabled': 'Die Anmeldung in zwei Schritten wurde eingeschaltet',
      'account.two-factor-disabled': 'Die Anmeldung in zwei Schritten wurde ausgeschaltet',
      'account.recovery-codes-created': 'Neue Wiederherstellungscodes wurden erstellt',
      'account.recovery-code-used': 'Ein Wiederherstellungscode wurde zur Anmeldung verwendet',
      'account.passkey-added': 'Ein Passkey wurde hinzugefügt',
      'account.passkey-removed': 'Ein Passkey wurde entfernt',
      'account.google-linked': 'Die Anmeldung mit Google wurde eingeschaltet',
      'account.google-unlinked': 'Die Anmeldung mit Google wurde ausgeschaltet',
      'account.second-factor-guessed': 'Nach Ihrem Passwort wurden falsche Anmeldecodes eingegeben',
      'email-changed': 'Ihre E-Mail-Adresse wurde geändert',
    },
    reason: (product) => `Ihre Anmeldung bei ${product} ist davon betroffen.`,
    account: 'Konto',
    at: 'Zeitpunkt',
    from: 'Netzwerkadresse',
    device: 'Browser oder App',
    expected: 'Das waren Sie selbst, oder Ihr Administrator hat es für Sie getan? Dann ist nichts weiter zu tun.',
    unexpected:
      'Beides trifft nicht zu? Wählen Sie sofort ein neues Passwort, womit alle Sitzungen enden, und benachrichtigen Sie den Administrator Ihres Kontos.',
    unexpectedMove:
      'Beides trifft nicht zu? Benachrichtigen Sie sofort den Administrator Ihres Kontos: An diese Adresse gehen keine Nachrichten zum Konto mehr.',
  },
};
