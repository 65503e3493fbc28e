/** Settings without which some services can't work, though others do. */

import { type Config, unusable } from './config.ts';
import { LOOPBACK_HOSTS } from './http-addresses.ts';

/** The secrets, for a service that can't work without one. @throws HutongError CONFIG_INVALID */
export function requireSecrets(config: Config): readonly Buffer[] {
  if (config.personKeySecrets.length === 0) throw unusable('HUTONG_PERSON_KEY_SECRETS', 'is not set');
  return config.personKeySecrets;
}

/**
 * Who issues tokens, for a service that takes requests: without one it would know nobody.
 * @throws HutongError CONFIG_INVALID
 */
export function requireIssuer({ tokens }: Config): Config['tokens'] {
  const url = URL.parse(tokens.issuer);
  if (url === null) throw unusable('HUTONG_ISSUER', tokens.issuer === '' ? 'is not set' : 'is no URL');
  if (url.protocol === 'https:' || LOOPBACK_HOSTS.includes(url.hostname)) return tokens;
  throw unusable('HUTONG_ISSUER', 'is not https: whoever stands in between could write tokens');
}

/** The door that events are handed on to. @throws HutongError CONFIG_INVALID */
export function requireDoor({ doorUrl }: Config): string {
  if (!URL.canParse(doorUrl)) throw unusable('HUTONG_DOOR', doorUrl === '' ? 'is not set' : 'is no URL');
  return doorUrl;
}
