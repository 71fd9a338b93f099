import { refuse } from './answers.js';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses what did not come from this machine's own pages and programs: any page a browser has open can reach a loopback
 * port, under a name of its own too. Undefined when the request may pass.
 */
export function guard(request: Request, port: number): Response | undefined {
  const hosts = LOOPBACK_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  const host = request.headers.get('host')?.toLowerCase() ?? '';
  if (!hosts.includes(host)) {
    return refuse(421, 'host_not_allowed', `Host "${host}" is not served here: use ${hosts.join(', ')}`);
  }
  // An image or a script that a foreign page asks for carries no Origin; browsers say where it comes from all the same.
  const site = request.headers.get('sec-fetch-site') ?? 'none';
  if (site !== 'none' && site !== 'same-origin') {
    return refuse(403, 'origin_not_allowed', `Pages of another site (${site}) may not use this server`);
  }
  const origin = request.headers.get('origin')?.toLowerCase();
  if (origin === undefined || hosts.some((allowed) => origin === `http://${allowed}`)) return undefined;
  return refuse(403, 'origin_not_allowed', `Pages of "${origin}" may not use this server`);
}
