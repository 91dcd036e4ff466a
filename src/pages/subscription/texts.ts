import type { Language } from '../../model/language.ts';

type SubscriptionText = { readonly heading: string; readonly text: (product: string) => string };
type SubscriptionViewName = 'subscribe' | 'confirmed' | 'unsubscribe' | 'suppressed' | 'unknown' | 'busy';
type Button = 'subscribe' | 'refuse' | 'unsubscribe' | 'again';
type SubscriptionTexts = Readonly<Record<SubscriptionViewName, SubscriptionText>> & {
  readonly buttons: Readonly<Record<Button, string>>;
};

const STAYS: Readonly<Record<Language, string>> = {
  en: 'Messages about your account, and the few that may invite you to one, are not affected.',
  de: 'Nachrichten zu Ihrem Konto und die wenigen Einladungen zu einem Konto sind davon nicht betroffen.',
  ja: 'お客様のアカウントに関するメールと、回数が制限された招待メールは対象外です。',
  fr: 'Les messages relatifs à votre compte et les rares invitations à un compte ne sont pas concernés.',
  es: 'Esto no afecta a los mensajes sobre su cuenta ni a las pocas invitaciones a una cuenta.',
};

export const SUBSCRIPTION_TEXTS: Readonly<Record<Language, SubscriptionTexts>> = {
  en: {
    subscribe: {
      heading: 'Receive status updates?',
      text: (product) =>
        `You will receive status updates and release notes from ${product} by e-mail. You can unsubscribe at any time.`,
    },
    confirmed: {
      heading: 'You are subscribed',
      text: (product) =>
        `You receive status updates and release notes from ${product}, as long as an administrator of your account has them turned on.`,
    },
    unsubscribe: {
      heading: 'Unsubscribe?',
      text: (product) => `You will no longer receive status updates and release notes from ${product}. ${STAYS.en}`,
    },
    suppressed: {
      heading: 'You are unsubscribed',
      text: (product) =>
        `You will no longer receive status updates and release notes from ${product}. Only you can turn them on again, here or through the link in any earlier message. ${STAYS.en}`,
    },
    buttons: {
      subscribe: 'Receive updates',
      refuse: 'Send me no status updates',
      unsubscribe: 'Unsubscribe',
      again: 'Subscribe again',
    },
    unknown: {
      heading: 'This link does not work',
      text: () =>
        'It is not complete, or the account that it was for is gone. Please open the link in your latest message.',
    },
    busy: {
      heading: 'One moment, please',
      text: () => 'There are too many requests just now. Please try again in a minute.',
    },
  },
  de: {
    subscribe: {
      heading: 'Statusmeldungen erhalten?',
      text: (product) =>
        `Sie erhalten dann Statusmeldungen und Versionshinweise von ${product} per E-Mail. Sie können sie jederzeit abbestellen.`,
    },
    confirmed: {
      heading: 'Sie haben die Statusmeldungen bestätigt',
      text: (product) =>
        `Sie erhalten Statusmeldungen und Versionshinweise von ${product}, solange ein Administrator Ihres Kontos sie eingeschaltet hat.`,
    },
    unsubscribe: {
      heading: 'Abbestellen?',
      text: (product) =>
        `Sie erhalten dann keine Statusmeldungen und Versionshinweise von ${product} mehr. ${STAYS.de}`,
    },
    suppressed: {
      heading: 'Sie haben abbestellt',
      text: (product) =>
        `Sie erhalten keine Statusmeldungen und Versionshinweise von ${product} mehr. Nur Sie selbst können sie wieder aktivieren: hier oder über den Link in einer früheren Nachricht. ${STAYS.de}`,
    },
    buttons: {
      subscribe: 'Meldungen erhalten',
      refuse: 'Keine Statusmeldungen senden',
      unsubscribe: 'Jetzt abbestellen',
      again: 'Wieder erhalten',
    },
    unknown: {
      heading: 'Dieser Link funktioniert nicht',
      text: () =>
        'Er ist unvollständig, oder das Konto, für das er gedacht war, gibt es nicht mehr. Bitte öffnen Sie den Link in Ihrer neuesten Nachricht.',
    },
    busy: {
      heading: 'Einen Moment bitte',
      text: () => 'Gerade kommen zu viele Anfragen. Bitte versuchen Sie es in einer Minute noch einmal.',
    },
  },
  ja: {
    subscribe: {
      heading: 'ステータス更新を受け取りますか？',
      text: (product) =>
        `${product} のステータス更新とリリース情報をメールでお送りします。配信はいつでも停止できます。`,
    },
    confirmed: {
      heading: '配信の登録が完了しました',
      text: (product) =>
        `アカウントの管理者が配信を有効にしている間、${product} のステータス更新とリリース情報のメールが届きます。`,
    },
    unsubscribe: {
      heading: '配信を停止しますか？',
      text: (product) => `停止すると、${product} のステータス更新とリリース情報のメールが届かなくなります。${STAYS.ja}`,
    },
    suppressed: {
      heading: '配信を停止しました',
      text: (product) =>
        `今後、${product} のステータス更新とリリース情報のメールは届きません。再開できるのはご本人のみです。このページ、またはこれまでのメールにあるリンクからお手続きください。${STAYS.ja}`,
    },
    buttons: {
      subscribe: '更新情報を受け取る',
      refuse: 'ステータス更新を受け取らない',
      unsubscribe: '配信を停止する',
      again: '配信を再開する',
    },
    unknown: {
      heading: 'このリンクは使用できません',
      text: () => 'リンクが不完全か、対象のアカウントがすでに存在しません。最新のメールにあるリンクを開いてください。',
    },
    busy: {
      heading: '少々お待ちください',
      text: () => 'ただいまリクエストが集中しています。1 分ほど待ってからもう一度お試しください。',
    },
  },
  fr: {
    subscribe: {
      heading: 'Recevoir les informations d’état\u202f?',
      text: (product) =>
        `Vous recevrez les informations d’état et les notes de version de ${product} par e-mail. Vous pourrez vous désabonner à tout moment.`,
    },
    confirmed: {
      heading: 'Votre abonnement est confirmé',
      text: (product) =>
        `Vous recevez les informations d’état et les notes de version de ${product}, tant qu’un administrateur de votre compte en maintient l’envoi.`,
    },
    unsubscribe: {
      heading: 'Se désabonner\u202f?',
      text: (product) =>
        `Vous ne recevrez plus les informations d’état et les notes de version de ${product}. ${STAYS.fr}`,
    },
    suppressed: {
      heading: 'Votre désabonnement est pris en compte',
      text: (product) =>
        `Vous ne recevez plus les informations d’état et les notes de version de ${product}. Vous seul pouvez les réactiver, ici ou par le lien de tout message précédent. ${STAYS.fr}`,
    },
    buttons: {
      subscribe: 'Recevoir les informations',
      refuse: 'Ne pas m’envoyer d’informations d’état',
      unsubscribe: 'Me désabonner',
      again: 'Me réabonner',
    },
    unknown: {
      heading: 'Ce lien ne fonctionne pas',
      text: () =>
        'Il est incomplet, ou le compte auquel il était destiné n’existe plus. Veuillez ouvrir le lien de votre message le plus récent.',
    },
    busy: {
      heading: 'Un instant, s’il vous plaît',
      text: () => 'Les demandes sont trop nombreuses pour le moment. Veuillez réessayer dans une minute.',
    },
  },
  es: {
    subscribe: {
      heading: '¿Recibir los avisos de estado?',
      text: (product) =>
        `Recibirá los avisos de estado y las notas de versión de ${product} por correo electrónico. Podrá cancelar la suscripción en cualquier momento.`,
    },
    confirmed: {
      heading: 'Suscripción confirmada',
      text: (product) =>
        `Recibe los avisos de estado y las notas de versión de ${product} mientras un administrador de su cuenta mantenga activado el envío.`,
    },
    unsubscribe: {
      heading: '¿Cancelar la suscripción?',
      text: (product) => `Dejará de recibir los avisos de estado y las notas de versión de ${product}. ${STAYS.es}`,
    },
    suppressed: {
      heading: 'Suscripción cancelada',
      text: (product) =>
        `Ya no recibirá los avisos de estado ni las notas de versión de ${product}. Solo usted puede volver a activarlos, aquí o con el enlace de cualquier mensaje anterior. ${STAYS.es}`,
    },
    buttons: {
      subscribe: 'Recibir los avisos',
      refuse: 'No enviarme avisos de estado',
      unsubscribe: 'Cancelar la suscripción',
      again: 'Volver a suscribirme',
    },
    unknown: {
      heading: 'Este enlace no funciona',
      text: () =>
        'Está incompleto, o la cuenta a la que correspondía ya no existe. Abra el enlace de su mensaje más reciente.',
    },
    busy: {
      heading: 'Un momento, por favor',
      text: () => 'Hay demasiadas solicitudes en este momento. Vuelva a intentarlo dentro de un minuto.',
    },
  },
};
