async function showReference({ SwaggerUIBundle, SwaggerUIStandalonePreset }) {
  const dialects = await fetch('/docs/dialects.json');
  SwaggerUIBundle({
    urls: await dialects.json(),
    dom_id: '#reference',
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: 'StandaloneLayout',
    deepLinking: true,
    // The badge would send the document to another host.
    validatorUrl: null,
  });
}

showReference(window);
