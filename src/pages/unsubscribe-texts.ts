import type { Language } from '../model/language.ts';

type Text = { readonly heading: string; readonly text: (product: string) => string };
type Texts = Readonly<Record<'ask' | 'done' | 'unknown' | 'busy', Text>> & { readonly button: string };

/** Every word of the unsubscribe page. */
export const UNSUBSCRIBE_TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    ask: {
      heading: 'Unsubscribe?',
      text: (product) => `You will receive no more status updates and release notes from ${product}.`,
    },
    button: 'Unsubscribe',
    done: {
      heading: 'You are unsubscribed',
      text: (product) =>
        `You receive no more status updates and release notes from ${product}. Whoever manages the users of your account can turn them on again.`,
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
    ask: {
      heading: 'Abbestellen?',
      text: (product) => `Sie erhalten dann keine Statusmeldungen und Versionshinweise von ${product} mehr.`,
    },
    button: 'Jetzt abbestellen',
    done: {
      heading: 'Sie haben abbestellt',
      text: (product) =>
        `Sie erhalten keine Statusmeldungen und Versionshinweise von ${product} mehr. Wer die Benutzer Ihres Kontos verwaltet, kann sie wieder einschalten.`,
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
    ask: {
      heading: '配信を停止しますか？',
      text: (product) => `停止すると、${product} のステータス更新とリリース情報のメールが届かなくなります。`,
    },
    button: '配信を停止する',
    done: {
      heading: '配信を停止しました',
      text: (product) =>
        `今後、${product} のステータス更新とリリース情報のメールは届きません。再開をご希望の場合は、アカウントのユーザー管理者にご連絡ください。`,
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
    ask: {
      heading: 'Se désabonner\u202f?',
      text: (product) => `Vous ne recevrez plus les informations d’état et les notes de version de ${product}.`,
    },
    button: 'Me désabonner',
    done: {
      heading: 'Votre désabonnement est pris en compte',
      text: (product) =>
        `Vous ne recevez plus les informations d’état et les notes de version de ${product}. La personne qui gère les utilisateurs de votre compte peut rétablir l’envoi.`,
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
    ask: {
      heading: '¿Cancelar la suscripción?',
      text: (product) => `Dejará de recibir los avisos de estado y las notas de versión de ${product}.`,
    },
    button: 'Cancelar la suscripción',
    done: {
      heading: 'Suscripción cancelada',
      text: (product) =>
        `Ya no recibirá los avisos de estado ni las notas de versión de ${product}. Quien gestiona los usuarios de su cuenta puede volver a activarlos.`,
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
