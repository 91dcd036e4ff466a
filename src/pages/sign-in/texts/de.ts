import type { SignInTexts } from './texts.ts';

export const de: SignInTexts = {
  heading: 'Anmelden',
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  submit: 'Anmelden',
  or: 'oder',
  passkey: 'Mit einem Passkey anmelden',
  provider: (name) => `Weiter mit ${name}`,
  forgotten: 'Passwort vergessen?',
  notices: {
    again: 'Bitte melden Sie sich zur Sicherheit noch einmal an.',
    confirm:
      'Noch ein Schritt: Bestätigen Sie mit Ihrem hiesigen Passwort oder Passkey. Wenn Sie noch keines haben, lassen Sie sich unten einen Link schicken.',
    passwordChanged: 'Ihr Passwort ist geändert. Bitte melden Sie sich damit an.',
    accountDeleted: 'Ihr Konto wurde gelöscht.',
    signedOut: 'Sie sind abgemeldet.',
  },
  incomplete: 'Bitte geben Sie Ihre E-Mail-Adresse und Ihr Passwort ein.',
  failed: 'Die E-Mail-Adresse oder das Passwort stimmt nicht, oder das Konto kann hier nicht verwendet werden.',
  factorHeading: 'Sind Sie es wirklich?',
  factorIntro: 'Bitte geben Sie den Code ein, den Ihre Authenticator-App gerade zeigt.',
  factorPasskeyIntro: 'Bitte bestätigen Sie es mit Ihrem Passkey.',
  code: 'Code aus der App',
  codeHint: 'Sechs Ziffern, alle 30 Sekunden neu.',
  proceed: 'Weiter',
  recoverySummary: 'Einen Wiederherstellungscode verwenden',
  recoveryCode: 'Wiederherstellungscode',
  recoveryHint: 'Einer der zehn, die Sie beim Einrichten aufbewahrt haben. Jeder gilt nur einmal.',
  factorFailed: 'Das stimmt nicht oder wurde schon verwendet. Bitte warten Sie auf den nächsten Code.',
  startOver: 'Von vorn beginnen',
  scriptless: 'Passkeys brauchen JavaScript. Bitte schalten Sie es ein und laden Sie die Seite neu.',
  forgottenHeading: 'Passwort vergessen?',
  forgottenIntro:
    'Geben Sie Ihre E-Mail-Adresse ein. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort wählen können.',
  sendLink: 'Link senden',
  emailInvalid: 'Bitte geben Sie Ihre E-Mail-Adresse ein, zum Beispiel name@example.com.',
  sentHeading: 'Bitte sehen Sie in Ihre E-Mails',
  sentText: 'Wenn es zu dieser Adresse ein Konto gibt, ist eine E-Mail mit einem Link unterwegs.',
  sentHint: 'Das kann einige Minuten dauern. Kommt nichts an, sehen Sie bitte auch im Spam-Ordner nach.',
  back: 'Zurück zur Anmeldung',
  overHeading: 'Bitte beginnen Sie noch einmal',
  overText:
    'Diese Anmeldung hat zu lange gedauert, ist beendet oder begann in einem anderen Browser. Ihr Browser muss dafür Cookies annehmen.',
  foreignHeading: 'Das kam nicht von unserer Seite',
  foreignText: 'Zu Ihrer Sicherheit ist nichts geschehen. Bitte beginnen Sie noch einmal.',
  providerHeading: 'Das hat nicht geklappt',
  providerFailed: (name) =>
    `Mit diesem Konto bei ${name} können Sie sich hier nicht anmelden. Bitte nehmen Sie das Konto, zu dem Ihre Adresse hier gehört, oder melden Sie sich auf anderem Weg an.`,
  providerDown: (name) =>
    `${name} ist im Moment nicht erreichbar. Bitte versuchen Sie es in einer Minute noch einmal, oder melden Sie sich auf anderem Weg an.`,
  busyHeading: 'Zu viele Versuche',
  busy: (wait) => `Das wurde zu oft versucht. Nächster Versuch in: ${wait}.`,
  problems: {
    cancelled:
      'Das hat nicht geklappt: Es wurde abgebrochen oder dauerte zu lange. Bitte versuchen Sie es noch einmal.',
    refused: 'Dieser Passkey ist hier nicht bekannt oder nicht verwendbar. Bitte melden Sie sich auf anderem Weg an.',
    limited: 'Das wurde zu oft versucht. Bitte versuchen Sie es etwas später noch einmal.',
    offline: 'Der Server ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
    failed: 'Etwas ist schiefgegangen. Bitte versuchen Sie es gleich noch einmal.',
  },
};
