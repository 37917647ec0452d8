import { KaeferError } from '@kaefer/contracts';

/** @throws KaeferError `feed_address_invalid` */
export function parseS3Address(address: string): { readonly bucket: string; readonly prefix: string } {
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(address);
  if (found?.[1] === undefined) throw new KaeferError('feed_address_invalid', { address });
  return { bucket: found[1], prefix: found[2] ?? '' };
}

/** The server that keeps a bucket. @throws KaeferError `feed_address_invalid` */
export function s3Endpoint({
  endpoint,
  region,
}: {
  readonly endpoint: string | null;
  readonly region: string;
}): URL {
  const address = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new KaeferError('feed_address_invalid', { address });
  if (url.username !== '' || url.password !== '') throw new KaeferError('feed_credentials_in_address');
  return url;
}
