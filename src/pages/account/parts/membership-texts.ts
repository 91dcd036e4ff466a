import type { Language } from '../../../model/language.ts';
import { REFUSAL_COOLDOWN_DAYS } from '../../../model/limits/index.ts';

type MembershipTextKey =
  | 'heading'
  | 'text'
  | 'primary'
  | 'pending'
  | 'disabled'
  | 'accept'
  | 'decline'
  | 'declineEffect'
  | 'leave'
  | 'leaveText'
  | 'linkRequired'
  | 'lastMembership'
  | 'data'
  | 'dataText'
  | 'export'
  | 'remove'
  | 'removeText';

export const MEMBERSHIP_TEXTS: Readonly<Record<Language, Readonly<Record<MembershipTextKey, string>>>> = {
  en: {
    heading: 'Memberships',
    text: 'The companies that you belong to or are invited to, and what you can do there.',
    primary: 'Primary',
    pending: 'Invited',
    disabled: 'Disabled',
    accept: 'Accept',
    decline: 'Decline',
    declineEffect: `After you decline, you cannot be invited again for ${REFUSAL_COOLDOWN_DAYS} days.`,
    leave: 'Leave',
    leaveText: 'You lose your rights there at once, and are signed out there. Only an invitation brings you back.',
    linkRequired:
      'An administrator set your password or address. To accept, use the link in the e-mail that invited you.',
    lastMembership: 'This is your only membership. To end it, delete your account.',
    data: 'Your data',
    dataText: 'A file with everything that is stored about you, and your newest entries in the audit log.',
    export: 'Export my data',
    remove: 'Delete my account',
    removeText: 'Your account and all of your memberships are deleted. This cannot be undone.',
  },
  de: {
    heading: 'Mitgliedschaften',
    text: 'Die Unternehmen, zu denen Sie gehören oder eingeladen sind, und was Sie dort tun können.',
    primary: 'Hauptkonto',
    pending: 'Eingeladen',
    disabled: 'Deaktiviert',
    accept: 'Annehmen',
    decline: 'Ablehnen',
    declineEffect: `Wenn Sie ablehnen, können Sie ${REFUSAL_COOLDOWN_DAYS} Tage lang nicht erneut eingeladen werden.`,
    leave: 'Verlassen',
    leaveText:
      'Sie verlieren dort sofort alle Rechte und werden abgemeldet. Zurück kommen Sie nur durch eine neue Einladung.',
    linkRequired:
      'Ein Administrator hat Ihr Passwort oder Ihre Adresse festgelegt. Zum Annehmen verwenden Sie bitte den Link in der E-Mail mit der Einladung.',
    lastMembership: 'Das ist Ihre einzige Mitgliedschaft. Um sie zu beenden, löschen Sie Ihr Konto.',
    data: 'Ihre Daten',
    dataText: 'Eine Datei mit allem, was über Sie gespeichert ist, und Ihren neuesten Einträgen im Audit-Protokoll.',
    export: 'Meine Daten exportieren',
    remove: 'Mein Konto löschen',
    removeText: 'Ihr Konto und alle Ihre Mitgliedschaften werden gelöscht. Das lässt sich nicht rückgängig machen.',
  },
  fr: {
    heading: 'Adhésions',
    text: 'Les entreprises dont vous faites partie ou qui vous invitent, et ce que vous pouvez y faire.',
    primary: 'Principale',
    pending: 'Invitation',
    disabled: 'Désactivée',
    accept: 'Accepter',
    decline: 'Refuser',
    declineEffect: `Si vous refusez, vous ne pourrez pas être invité de nouveau pendant ${REFUSAL_COOLDOWN_DAYS} jours.`,
    leave: 'Quitter',
    leaveText:
      'Vous y perdez aussitôt vos droits et vous êtes déconnecté. Seule une nouvelle invitation permet d’y revenir.',
    linkRequired:
      'Votre mot de passe ou votre adresse ont été définis par un administrateur. Pour accepter, utilisez le lien de l’e-mail d’invitation.',
    lastMembership: 'C’est votre seule adhésion. Pour y mettre fin, supprimez votre compte.',
    data: 'Vos données',
    dataText: 'Un fichier avec tout ce qui est enregistré à votre sujet et vos dernières entrées du journal d’audit.',
    export: 'Exporter mes données',
    remove: 'Supprimer mon compte',
    removeText: 'Votre compte et toutes vos adhésions seront supprimés. Cette action est irréversible.',
  },
  es: {
    heading: 'Membresías',
    text: 'Las empresas a las que pertenece o que le han invitado, y lo que puede hacer en ellas.',
    primary: 'Principal',
    pending: 'Invitación',
    disabled: 'Desactivada',
    accept: 'Aceptar',
    decline: 'Rechazar',
    declineEffect: `Si la rechaza, no podrán volver a invitarle durante ${REFUSAL_COOLDOWN_DAYS} días.`,
    leave: 'Abandonar',
    leaveText:
      'Perderá allí sus derechos de inmediato y se cerrará su sesión. Solo podrá volver con una nueva invitación.',
    linkRequired:
      'Un administrador estableció su contraseña o su dirección. Para aceptar, utilice el enlace del correo de invitación.',
    lastMembership: 'Es su única membresía. Para terminarla, elimine su cuenta.',
    data: 'Sus datos',
    dataText:
      'Un archivo con todo lo que se guarda sobre usted y sus entradas más recientes del registro de auditoría.',
    export: 'Exportar mis datos',
    remove: 'Eliminar mi cuenta',
    removeText: 'Se eliminarán su cuenta y todas sus membresías. Esto no se puede deshacer.',
  },
  ja: {
    heading: '所属',
    text: '所属している、または招待されている企業と、そこでできることです。',
    primary: 'メイン',
    pending: '招待中',
    disabled: '無効',
    accept: '承諾する',
    decline: '辞退する',
    declineEffect: `辞退すると、${REFUSAL_COOLDOWN_DAYS} 日間は再び招待されません。`,
    leave: '退会する',
    leaveText: 'そこでの権限はすぐに失われ、サインアウトされます。戻るには再び招待される必要があります。',
    linkRequired:
      'パスワードまたはメールアドレスは管理者が設定したものです。承諾するには、招待メールのリンクを使用してください。',
    lastMembership: '唯一の所属です。終了するには、アカウントを削除してください。',
    data: 'あなたのデータ',
    dataText: '保存されているあなたの情報すべてと、監査ログの最新の記録を含むファイルです。',
    export: 'データをエクスポート',
    remove: 'アカウントを削除',
    removeText: 'アカウントとすべての所属が削除されます。この操作は取り消せません。',
  },
};
