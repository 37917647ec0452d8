import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { KaeferError } from '@kaefer/contracts';

/** Addresses of one machine, of a plant's network and the like (RFC 6890): none that the internet shows to everybody. */
const notPublic = blockList([
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
]);
/** Where clouds tell machines their own credentials; a name never leads there, only its number does. */
const linkLocal = blockList([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['::', 128],
  ['fe80::', 10],
]);

function blockList(subnets: readonly (readonly [address: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of subnets)
    list.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return list;
}

function isIn(list: BlockList, address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

interface Entry {
  /** Lower case; `*` and `*.domain` stand for many. */
  readonly host: string;
  readonly port: string | null;
}

/**
 * The hosts from which the operator of the server lets files be fetched: `host`, `host:port`, `*.domain`, or `*`, every
 * host with a public address. None is allowed unless it is named.
 */
export class AllowedHosts {
  readonly #entries: readonly Entry[];

  /** @throws Error naming an entry that is none */
  constructor(entries: readonly string[]) {
    this.#entries = entries.map((entry) => {
      const found = /^(?<host>\*|(?:\*\.)?[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?<port>\d{1,5}))?$/.exec(
        entry.toLowerCase(),
      );
      if (found?.groups?.['host'] === undefined) throw new Error(`“${entry}” is not a host`);
      return { host: unbracketed(found.groups['host']), port: found.groups['port'] ?? null };
    });
  }

  /** @throws KaeferError `feed_host_not_allowed` */
  require(url: URL): void {
    const host = unbracketed(url.hostname);
    const allowed = this.#entriesFor(url).some(
      ({ host: entry }) => entry !== '*' || isIP(host) === 0 || !isIn(notPublic, host),
    );
    if (!allowed) throw new KaeferError('feed_host_not_allowed', { host: url.host });
  }

  /** Finds only those addresses of a host to which a connection may go, at the moment at which it is made. */
  lookupFor(url: URL): LookupFunction {
    const isNamed = this.#entriesFor(url).some(({ host }) => host !== '*');
    const forbidden = isNamed ? linkLocal : notPublic;
    return (hostname, options, callback) => {
      systemLookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
        if (error !== null) return callback(error, '');
        const addresses = found.filter(({ address }) => !isIn(forbidden, address));
        const [first] = addresses;
        if (first === undefined)
          return callback(new KaeferError('feed_host_not_allowed', { host: url.host }), '');
        if (options.all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
    };
  }

  #entriesFor(url: URL): Entry[] {
    const host = unbracketed(url.hostname).toLowerCase();
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return this.#entries.filter(
      (entry) =>
        (entry.port === null || entry.port === port) &&
        (entry.host === '*' ||
          entry.host === host ||
          (entry.host.startsWith('*.') && host.endsWith(entry.host.slice(1)))),
    );
  }
}

const unbracketed = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
