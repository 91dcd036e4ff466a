import type { Language } from '../../model/language.ts';
import { REFUSAL_COOLDOWN_DAYS } from '../../model/limits/index.ts';

type InvitationText = { readonly heading: (tenant: string) => string; readonly text: (tenant: string) => string };
type InvitationViewName = 'question' | 'accepted' | 'mailed' | 'refused' | 'unknown' | 'busy';
type InvitationTextKey = 'tenant' | 'roles' | 'until' | 'prepared' | 'accept' | 'refuse' | 'signIn';
type InvitationTexts = Readonly<Record<InvitationViewName, InvitationText>> &
  Readonly<Record<InvitationTextKey, string>>;

export const INVITATION_TEXTS: Readonly<Record<Language, InvitationTexts>> = {
  en: {
    question: {
      heading: (tenant) => `${tenant} invites you`,
      text: (tenant) =>
        `If you accept, you become a member of ${tenant} and can do what is listed below. If you decline, ${tenant} cannot invite you again for ${REFUSAL_COOLDOWN_DAYS} days.`,
    },
    tenant: 'Invited by',
    roles: 'What you can do there',
    until: 'Expires on',
    prepared:
      'An administrator set your password or address. If you accept, you are signed out everywhere and your password and second factors stop working. We send you a link to choose a new password.',
    accept: 'Accept',
    refuse: 'Decline',
    signIn: 'Sign in',
    accepted: {
      heading: () => 'Invitation accepted',
      text: (tenant) => `You are now a member of ${tenant}. Sign in there with your own account.`,
    },
    mailed: {
      heading: () => 'Choose a password now',
      text: (tenant) =>
        `You are now a member of ${tenant}. We have sent you an e-mail with a link to choose your own password. Use it to sign in.`,
    },
    refused: {
      heading: () => 'Invitation declined',
      text: (tenant) =>
        `You are not a member of ${tenant}, and it cannot invite you again for ${REFUSAL_COOLDOWN_DAYS} days.`,
    },
    unknown: {
      heading: () => 'This invitation is not open',
      text: () =>
        'It may have been accepted already: sign in to see your memberships. Otherwise it has expired, was declined or withdrawn, or the link is incomplete. Then open the link in your latest message.',
    },
    busy: {
      heading: () => 'Too many requests',
      text: () => 'Please try again in a minute.',
    },
  },
  de: {
    question: {
      heading: (tenant) => `${tenant} lädt Sie ein`,
      text: (tenant) =>
        `Wenn Sie annehmen, werden Sie Mitglied von ${tenant} mit den unten genannten Rechten. Wenn Sie ablehnen, kann ${tenant} Sie ${REFUSAL_COOLDOWN_DAYS} Tage lang nicht erneut einladen.`,
    },
    tenant: 'Eingeladen von',
    roles: 'Was Sie dort tun können',
    until: 'Gültig bis',
    prepared:
      'Ein Administrator hat Ihr Passwort oder Ihre Adresse festgelegt. Wenn Sie annehmen, werden Sie überall abgemeldet, und Ihr Passwort und Ihre zweiten Faktoren gelten nicht mehr. Sie erhalten einen Link, um ein neues Passwort festzulegen.',
    accept: 'Annehmen',
    refuse: 'Ablehnen',
    signIn: 'Anmelden',
    accepted: {
      heading: () => 'Einladung angenommen',
      text: (tenant) => `Sie sind jetzt Mitglied von ${tenant}. Melden Sie sich dort mit Ihrem eigenen Konto an.`,
    },
    mailed: {
      heading: () => 'Legen Sie jetzt ein Passwort fest',
      text: (tenant) =>
        `Sie sind jetzt Mitglied von ${tenant}. Wir haben Ihnen eine E-Mail mit einem Link geschickt, über den Sie Ihr eigenes Passwort festlegen. Damit melden Sie sich an.`,
    },
    refused: {
      heading: () => 'Einladung abgelehnt',
      text: (tenant) =>
        `Sie sind kein Mitglied von ${tenant}. Eine neue Einladung von dort ist ${REFUSAL_COOLDOWN_DAYS} Tage lang nicht möglich.`,
    },
    unknown: {
      heading: () => 'Diese Einladung ist nicht offen',
      text: () =>
        'Vielleicht wurde sie schon angenommen: Melden Sie sich an, um Ihre Mitgliedschaften zu sehen. Andernfalls ist sie abgelaufen, wurde abgelehnt oder zurückgezogen, oder der Link ist unvollständig. Öffnen Sie dann den Link in Ihrer neuesten Nachricht.',
    },
    busy: {
      heading: () => 'Zu viele Anfragen',
      text: () => 'Bitte versuchen Sie es in einer Minute erneut.',
    },
  },
  ja: {
    question: {
      heading: (tenant) => `${tenant} からのご招待`,
      text: (tenant) =>
        `承諾すると、${tenant} のメンバーになり、以下の操作ができるようになります。辞退すると、${tenant} は ${REFUSAL_COOLDOWN_DAYS} 日間、再び招待することができません。`,
    },
    tenant: '招待元',
    roles: 'できること',
    until: '有効期限',
    prepared:
      'パスワードまたはメールアドレスは管理者が設定したものです。承諾すると、すべての端末からログアウトされ、現在のパスワードと2要素認証は無効になります。新しいパスワードを設定するリンクをお送りします。',
    accept: '承諾する',
    refuse: '辞退する',
    signIn: 'ログイン',
    accepted: {
      heading: () => '招待を承諾しました',
      text: (tenant) => `${tenant} のメンバーになりました。お持ちのアカウントでログインしてください。`,
    },
    mailed: {
      heading: () => 'パスワードを設定してください',
      text: (tenant) =>
        `${tenant} のメンバーになりました。パスワードを設定するリンクをメールでお送りしました。設定したパスワードでログインしてください。`,
    },
    refused: {
      heading: () => '招待を辞退しました',
      text: (tenant) =>
        `${tenant} のメンバーにはなりません。今後 ${REFUSAL_COOLDOWN_DAYS} 日間、再び招待されることはありません。`,
    },
    unknown: {
      heading: () => 'この招待は有効ではありません',
      text: () =>
        'すでに承諾されている可能性があります。ログインすると所属を確認できます。そうでない場合は、期限切れ、辞退済み、取り消し済み、またはリンクが不完全です。最新のメールにあるリンクを開いてください。',
    },
    busy: {
      heading: () => 'リクエストが多すぎます',
      text: () => '1 分ほど待ってからもう一度お試しください。',
    },
  },
  fr: {
    question: {
      heading: (tenant) => `${tenant} vous invite`,
      text: (tenant) =>
        `Si vous acceptez, vous rejoindrez ${tenant} et pourrez faire ce qui est indiqué ci-dessous. Si vous refusez, ${tenant} ne pourra pas vous inviter de nouveau pendant ${REFUSAL_COOLDOWN_DAYS} jours.`,
    },
    tenant: 'Invitation envoyée par',
    roles: 'Ce que vous pourrez y faire',
    until: 'Valable jusqu’au',
    prepared:
      'Votre mot de passe ou votre adresse ont été définis par un administrateur. Si vous acceptez, vous serez déconnecté partout, et votre mot de passe et vos seconds facteurs ne fonctionneront plus. Vous recevrez un lien pour choisir un nouveau mot de passe.',
    accept: 'Accepter',
    refuse: 'Refuser',
    signIn: 'Se connecter',
    accepted: {
      heading: () => 'Invitation acceptée',
      text: (tenant) => `Vous avez rejoint ${tenant}. Connectez-vous-y avec votre propre compte.`,
    },
    mailed: {
      heading: () => 'Choisissez un mot de passe',
      text: (tenant) =>
        `Vous avez rejoint ${tenant}. Nous vous avons envoyé un e-mail avec un lien pour choisir votre mot de passe. Il vous permettra de vous connecter.`,
    },
    refused: {
      heading: () => 'Invitation refusée',
      text: (tenant) =>
        `Vous n’avez pas rejoint ${tenant}, qui ne pourra pas vous inviter de nouveau pendant ${REFUSAL_COOLDOWN_DAYS} jours.`,
    },
    unknown: {
      heading: () => 'Cette invitation n’est plus valable',
      text: () =>
        'Elle a peut-être déjà été acceptée\u00a0: connectez-vous pour voir vos adhésions. Sinon, elle a expiré, a été refusée ou retirée, ou le lien est incomplet. Ouvrez alors le lien de votre message le plus récent.',
    },
    busy: {
      heading: () => 'Trop de demandes',
      text: () => 'Veuillez réessayer dans une minute.',
    },
  },
  es: {
    question: {
      heading: (tenant) => `${tenant} le invita`,
      text: (tenant) =>
        `Si acepta, pertenecerá a ${tenant} y podrá hacer lo que se indica abajo. Si la rechaza, ${tenant} no podrá volver a invitarle durante ${REFUSAL_COOLDOWN_DAYS} días.`,
    },
    tenant: 'Invitación de parte de',
    roles: 'Qué podrá hacer allí',
    until: 'Válida hasta el',
    prepared:
      'Un administrador estableció su contraseña o su dirección. Si acepta, se cerrarán todas sus sesiones, y su contraseña y sus segundos factores dejarán de funcionar. Le enviaremos un enlace para crear una contraseña nueva.',
    accept: 'Aceptar',
    refuse: 'Rechazar',
    signIn: 'Iniciar sesión',
    accepted: {
      heading: () => 'Invitación aceptada',
      text: (tenant) => `Ahora pertenece a ${tenant}. Inicie sesión allí con su propia cuenta.`,
    },
    mailed: {
      heading: () => 'Cree ahora una contraseña',
      text: (tenant) =>
        `Ahora pertenece a ${tenant}. Le hemos enviado un correo con un enlace para crear su propia contraseña. Con ella podrá iniciar sesión.`,
    },
    refused: {
      heading: () => 'Invitación rechazada',
      text: (tenant) =>
        `No pertenece a ${tenant}, que no podrá volver a invitarle durante ${REFUSAL_COOLDOWN_DAYS} días.`,
    },
    unknown: {
      heading: () => 'Esta invitación no está abierta',
      text: () =>
        'Es posible que ya se haya aceptado: inicie sesión para ver sus membresías. Si no, ha caducado, se rechazó o se retiró, o el enlace está incompleto. En ese caso, abra el enlace de su mensaje más reciente.',
    },
    busy: {
      heading: () => 'Demasiadas solicitudes',
      text: () => 'Vuelva a intentarlo dentro de un minuto.',
    },
  },
};
