SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  docExpansion: "none",
  // The viewer's badge would ask a server elsewhere.
  validatorUrl: null,
});
