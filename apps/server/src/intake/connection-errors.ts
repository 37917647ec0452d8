import { KaeferError } from '@kaefer/contracts';

/** Node's and OpenSSL's words for a certificate that cannot be trusted. */
const certificateCodes =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH)/;
const timeoutCodes = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'TimeoutError',
]);
const brokenOffCodes = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'HPE_INVALID_CONSTANT']);
const unreachableCodes = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** An error of a connection in words that say what to do; what is none of a connection comes back as it is. */
export function errorOfConnection(error: unknown, host: string): Error {
  if (!(error instanceof Error))
    return new Error(`something else than an error was thrown: ${String(error)}`);
  if (error instanceof KaeferError) return error;
  // Several addresses were tried: each has its reason, and the first tells enough.
  if (error instanceof AggregateError) return errorOfConnection(error.errors[0], host);
  if (error.cause instanceof KaeferError) return error.cause;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const options = { cause: error };
  if (certificateCodes.test(code))
    return new KaeferError('feed_certificate', { host, reason: code }, options);
  if (timeoutCodes.has(code)) return new KaeferError('feed_timeout', { host }, options);
  if (brokenOffCodes.has(code)) return new KaeferError('feed_broken_off', { place: host }, options);
  if (unreachableCodes.has(code) || code.startsWith('HPE_'))
    return new KaeferError('feed_unreachable', { host, reason: code }, options);
  return error;
}
