import type { Strings } from './strings.ts';

export const es: Strings = {
  hello: (firstName) => (firstName ? `Hola, ${firstName}:` : 'Hola:'),
  validity: (until) => `El enlace funciona una sola vez, hasta el ${until}.`,
  copy: 'Si el botón no funciona, copie esta dirección en su navegador:',
  sentBy: (operator, tenant) => `Enviado por ${operator} en nombre de ${tenant}.`,
  activation: {
    subject: (product) => `Active su cuenta de ${product}`,
    title: (product) => `Le damos la bienvenida a ${product}`,
    reason: (product, email) =>
      `Se ha creado una cuenta de ${product} para ${email}. Confirme esta dirección y elija una contraseña: con eso ya podrá empezar.`,
    button: 'Activar la cuenta',
    unexpected:
      '¿No esperaba este mensaje? Puede ignorarlo con tranquilidad: no ocurrirá nada mientras no se utilice el enlace.',
  },
  'password-reset': {
    subject: (product) => `Restablezca su contraseña de ${product}`,
    title: () => 'Restablezca su contraseña',
    reason: (product, email) =>
      `Puede elegir una contraseña nueva para la cuenta de ${product} asociada a ${email}. Se ha solicitado restablecerla, o es necesario porque su administrador había establecido la contraseña o la dirección.`,
    button: 'Elegir una contraseña nueva',
    unexpected:
      '¿No esperaba este mensaje? Puede ignorarlo con tranquilidad: nada cambiará mientras no se utilice el enlace.',
  },
  'webhook-suspended': {
    subject: (webhook) => `Se ha suspendido el webhook «${webhook}»`,
    title: 'Se ha suspendido un webhook',
    reason: (product) =>
      `${product} ya no envía eventos al webhook indicado abajo: las entregas fallaban una y otra vez, o su receptor nos pidió que dejáramos de enviarlas.`,
    missing: 'A partir de ahora, este webhook no recibirá ningún evento nuevo.',
    since: 'Suspendido desde el',
    next: 'En cuanto su receptor vuelva a estar listo, bastan dos llamadas a la API:',
    enable: 'Vuelve a activar el webhook y envía las entregas que quedaron retenidas.',
    recover: 'Reenvía los eventos que no haya recibido entretanto.',
  },
  'status-update': {
    kinds: {
      info: (product) => `Aviso de ${product}`,
      maintenance: (product) => `Mantenimiento en ${product}`,
      incident: (product) => `Incidencia en ${product}`,
      release: (product) => `Novedades de ${product}`,
    },
    reason: (product) =>
      `Recibe este mensaje por su suscripción a los avisos de estado y las notas de versión de ${product}.`,
    unsubscribe: 'Cancelar la suscripción',
  },
  'subscription-confirmation': {
    subject: (product) => `Confirme los avisos de estado de ${product}`,
    title: (product) => `¿Desea recibir los avisos de estado de ${product}?`,
    reason: (product, email) =>
      `Un administrador ha elegido ${email} para recibir los avisos de estado y las notas de versión de ${product}. No se enviará nada hasta que lo confirme.`,
    button: 'Recibir los avisos de estado',
    unexpected:
      '¿No esperaba este mensaje? Puede ignorarlo con tranquilidad: sin su confirmación no recibirá ningún aviso.',
    refusal: 'También puede pedir que no volvamos a preguntarle:',
    refuse: 'No enviarme avisos de estado',
  },
  'membership-invitation': {
    subject: (tenant) => `${tenant} le invita`,
    title: (tenant) => `Invitación de ${tenant}`,
    reason: (tenant, email) =>
      `${tenant} invita a ${email} a unirse a su cuenta. Si acepta, iniciará sesión allí con la cuenta que ya tiene.`,
    tenant: 'Invitación de parte de',
    roles: 'Qué podrá hacer allí',
    until: 'Válida hasta el',
    button: 'Ver la invitación',
    unexpected: '¿No esperaba este mensaje? Puede ignorarlo con tranquilidad: no ocurrirá nada mientras no acepte.',
    refusal: (tenant, days) => `Si la rechaza, ${tenant} no podrá volver a invitarle durante ${days} días.`,
  },
  'security-notice': {
    changes: {
      'account.password-changed': 'Se ha cambiado su contraseña',
      'account.two-factor-enabled': 'Se ha activado el inicio de sesión en dos pasos',
      'account.two-factor-disabled': 'Se ha desactivado el inicio de sesión en dos pasos',
      'account.recovery-codes-created': 'Se han creado nuevos códigos de recuperación',
      'account.recovery-code-used': 'Se ha iniciado sesión con un código de recuperación',
      'account.passkey-added': 'Se ha añadido una llave de acceso',
      'account.passkey-removed': 'Se ha eliminado una llave de acceso',
      'account.google-linked': 'Se ha activado el inicio de sesión con Google',
      'account.google-unlinked': 'Se ha desactivado el inicio de sesión con Google',
      'account.second-factor-guessed': 'Se han introducido códigos de acceso incorrectos tras su contraseña',
      'email-changed': 'Se ha cambiado su dirección de correo electrónico',
    },
    reason: (product) => `Este aviso se refiere a la forma en que inicia sesión en ${product}.`,
    account: 'Cuenta',
    at: 'Fecha y hora',
    from: 'Dirección de red',
    device: 'Navegador o aplicación',
    expected: '¿Ha sido usted, o lo ha hecho su administrador por usted? Entonces no tiene que hacer nada.',
    unexpected:
      '¿No ha sido así? Elija una contraseña nueva de inmediato, lo que cierra todas las sesiones, y avise a quien administra su cuenta.',
    unexpectedMove:
      '¿No ha sido así? Avise de inmediato a quien administra su cuenta: los mensajes sobre ella ya no llegan a esta dirección.',
  },
};
