import type { Strings } from './strings.ts';

/** No-break spaces: narrow (U+202F) before ? and within « », full (U+00A0) before a colon. */
export const fr: Strings = {
  hello: (firstName) => (firstName ? `Bonjour ${firstName},` : 'Bonjour,'),
  validity: (until) => `Ce lien ne fonctionne qu’une seule fois, jusqu’au ${until}.`,
  copy: 'Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur\u00a0:',
  sentBy: (operator, tenant) => `Envoyé par ${operator} pour ${tenant}.`,
  activation: {
    subject: (product) => `Activez votre compte ${product}`,
    title: (product) => `Bienvenue sur ${product}`,
    reason: (product, email) =>
      `Un compte ${product} vient d’être créé pour ${email}. Confirmez cette adresse, choisissez un mot de passe, et tout sera prêt.`,
    button: 'Activer mon compte',
    unexpected:
      'Vous n’attendiez pas ce message\u202f? Vous pouvez l’ignorer\u00a0: il ne se passera rien tant que le lien n’aura pas été utilisé.',
  },
  'password-reset': {
    subject: (product) => `Réinitialisez votre mot de passe ${product}`,
    title: () => 'Réinitialisez votre mot de passe',
    reason: (product, email) =>
      `Vous pouvez choisir un nouveau mot de passe pour le compte ${product} associé à ${email}. Une réinitialisation a été demandée, ou elle est nécessaire parce que votre administrateur avait défini le mot de passe ou l’adresse.`,
    button: 'Choisir un nouveau mot de passe',
    unexpected:
      'Vous n’attendiez pas ce message\u202f? Vous pouvez l’ignorer\u00a0: rien ne changera tant que le lien n’aura pas été utilisé.',
  },
  'webhook-suspended': {
    subject: (webhook) => `Le webhook «\u202f${webhook}\u202f» a été suspendu`,
    title: 'Un webhook a été suspendu',
    reason: (product) =>
      `${product} n’envoie plus d’événements au webhook ci-dessous\u00a0: les envois échouaient de façon répétée, ou son récepteur nous a demandé d’arrêter.`,
    missing: 'Désormais, tous les nouveaux événements lui échapperont.',
    since: 'Suspendu depuis le',
    next: 'Dès que votre récepteur sera de nouveau prêt, deux appels de l’API suffisent\u00a0:',
    enable: 'Réactive le webhook et envoie ce qui a été retenu.',
    recover: 'Renvoie les événements manqués entre-temps.',
  },
  'status-update': {
    kinds: {
      info: (product) => `Information de ${product}`,
      maintenance: (product) => `Maintenance chez ${product}`,
      incident: (product) => `Incident chez ${product}`,
      release: (product) => `Nouveautés chez ${product}`,
    },
    reason: (product) =>
      `Vous recevez ce message au titre de votre abonnement aux informations d’état et aux notes de version de ${product}.`,
    unsubscribe: 'Se désabonner',
  },
  'subscription-confirmation': {
    subject: (product) => `Confirmez les informations d’état de ${product}`,
    title: (product) => `Recevoir les informations d’état de ${product}\u202f?`,
    reason: (product, email) =>
      `Un administrateur a choisi ${email} pour recevoir les informations d’état et les notes de version de ${product}. Rien n’est envoyé sans votre accord.`,
    button: 'Recevoir les informations d’état',
    unexpected:
      'Vous n’attendiez pas ce message\u202f? Vous pouvez l’ignorer\u00a0: sans votre accord, vous ne recevrez aucune information d’état.',
    refusal: 'Vous pouvez aussi demander à ne plus être sollicité\u00a0:',
    refuse: 'Ne pas m’envoyer d’informations d’état',
  },
  'membership-invitation': {
    subject: (tenant) => `${tenant} vous invite`,
    title: (tenant) => `Invitation envoyée par ${tenant}`,
    reason: (tenant, email) =>
      `${tenant} invite ${email} à rejoindre son compte. Si vous acceptez, vous vous y connecterez avec votre compte actuel.`,
    tenant: 'Invitation envoyée par',
    roles: 'Ce que vous pourrez y faire',
    until: 'Valable jusqu’au',
    button: 'Voir l’invitation',
    unexpected:
      'Vous n’attendiez pas ce message\u202f? Vous pouvez l’ignorer\u00a0: il ne se passera rien tant que vous n’aurez pas accepté.',
    refusal: (tenant, days) =>
      `Si vous refusez, ${tenant} ne pourra pas vous inviter de nouveau pendant ${days} jours.`,
  },
  'security-notice': {
    changes: {
      'account.password-changed': 'Votre mot de passe a été modifié',
      'account.two-factor-enabled': 'La connexion en deux étapes a été activée',
      'account.two-factor-disabled': 'La connexion en deux étapes a été désactivée',
      'account.recovery-codes-created': 'De nouveaux codes de récupération ont été créés',
      'account.recovery-code-used': 'Un code de récupération a servi à une connexion',
      'account.passkey-added': 'Une clé d’accès a été ajoutée',
      'account.passkey-removed': 'Une clé d’accès a été supprimée',
      'account.google-linked': 'La connexion avec Google a été activée',
      'account.google-unlinked': 'La connexion avec Google a été désactivée',
      'account.second-factor-guessed': 'Des codes de connexion erronés ont été saisis après votre mot de passe',
      'email-changed': 'Votre adresse e-mail a été modifiée',
    },
    reason: (product) => `Ce message concerne votre connexion à ${product}.`,
    account: 'Compte',
    at: 'Date et heure',
    from: 'Adresse réseau',
    device: 'Navigateur ou application',
    expected: 'Cela vient de vous, ou de votre administrateur à votre demande\u202f? Alors vous n’avez rien à faire.',
    unexpected:
      'Ce n’est pas le cas\u202f? Choisissez immédiatement un nouveau mot de passe, ce qui ferme toutes les sessions, et prévenez l’administrateur de votre compte.',
    unexpectedMove:
      'Ce n’est pas le cas\u202f? Prévenez immédiatement l’administrateur de votre compte\u00a0: les messages qui le concernent n’arrivent plus à cette adresse.',
  },
};
