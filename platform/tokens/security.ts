/** How API documents say that a token is needed. */

export const SECURITY_SCHEMES = {
  token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'An access token (RFC 9068) of the issuer of this exchange, by client credentials. Its claim `hutong` says ' +
      'what the client holds.',
  },
} as const;

/** Of a route. */
export const SECURITY = [{ token: [] }];
