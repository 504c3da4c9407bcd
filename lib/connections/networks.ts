import { lookup as resolve } from "node:dns/promises";
import { BlockList, isIP, isIPv6, type LookupFunction } from "node:net";
import { AdapterError } from "#lib/errors.ts";

/**
 * Where other systems may be. Whoever registers one makes the portal send requests from inside the network, so the
 * addresses that give away the machine itself are refused: link-local ones and the metadata services of clouds, and
 * loopback.
 */
export type NetworkRules = {
  /** The setting that says so, for messages. */
  variable: string;
  /** Everything but the addresses below. */
  byDefault: boolean;
  allowed: BlockList;
  /** Names in lower case; `.example.com` stands for everything below it. */
  hosts: readonly string[];
};

const FORBIDDEN = blockList([
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  // Metadata services outside of the link-local range: Alibaba Cloud, Oracle Cloud, AWS.
  "100.100.100.200/32",
  "192.0.0.192/32",
  "fd00:ec2::254/128",
  "::/128",
  "::1/128",
  "fe80::/10",
]);
const METADATA_NAMES = /^(metadata(\..+)?|instance-data(\..+)?|.+\.metadata\.google\.internal)$/;

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", prefix] = range.split("/");
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix);
    if (version === 0 || !/^\d{1,3}$/.test(String(bits)) || bits > (version === 4 ? 32 : 128))
      throw new Error(`${range} is no address range`);
    list.addSubnet(address, bits, version === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

/**
 * Reads the setting: ranges (`10.20.0.0/16`), addresses, names (`k8s.example.com`, `*.k8s.example.com`) and the word
 * `default` (all but link-local, metadata and loopback addresses), parted by commas or spaces. Once it is set, nothing
 * that it does not list is allowed.
 * @param variable the setting's name
 * @throws Error naming the entry that cannot be read
 */
export function parseNetworks(setting: string, variable: string): NetworkRules {
  const entries = setting.split(/[\s,]+/).filter((entry) => entry !== "");
  const ranges = entries.filter((entry) => isIP(entry.split("/")[0] ?? "") !== 0);
  const names = entries.filter((entry) => !ranges.includes(entry) && entry !== "default");
  for (const name of names)
    if (!/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(name))
      throw new Error(`${name} is no range and no name`);
  return {
    variable,
    byDefault: entries.length === 0 || entries.includes("default"),
    allowed: blockList(ranges),
    hosts: names.map((name) => name.replace(/^\*/, "").toLowerCase()),
  };
}

const contains = (list: BlockList, address: string): boolean =>
  list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
/** A server that is named by a listed host may be anywhere but where secrets of the machine are. */
const isNamed = ({ hosts }: NetworkRules, host: string): boolean =>
  hosts.some((name) => (name.startsWith(".") ? host.endsWith(name) : host === name));

/** Whether a server that `host` resolves to may be asked at this address. Pure. */
export function mayReach(rules: NetworkRules, host: string, address: string): boolean {
  if (contains(rules.allowed, address)) return true;
  if (contains(FORBIDDEN, address)) return false;
  return rules.byDefault || isNamed(rules, host);
}

const refusal = ({ variable }: NetworkRules, host: string, address?: string): AdapterError =>
  new AdapterError(
    "invalid",
    `${host}${address && address !== host ? ` (${address})` : ""} is not among the networks that ${variable} allows`,
  );
/** @throws AdapterError `invalid` when it is no address, such as one with a port beyond all ports */
function hostOf(server: string): string {
  const host = URL.parse(server)?.hostname;
  if (!host) throw new AdapterError("invalid", `${server} is no address`);
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
}

/**
 * Refuses the URL of a server by what can be told without asking DNS.
 * @throws AdapterError `invalid`
 */
export function refuseServer(rules: NetworkRules, server: string): void {
  const host = hostOf(server);
  if (isIP(host) !== 0) {
    if (!mayReach(rules, host, host)) throw refusal(rules, host);
  } else if (
    METADATA_NAMES.test(host) ||
    (!rules.byDefault && !isNamed(rules, host) && rules.allowed.rules.length === 0)
  ) {
    throw refusal(rules, host);
  }
}

/**
 * Refuses the URL of a server, asking DNS where it is a name. One that does not resolve is let through: every connection
 * looks again.
 * @throws AdapterError `invalid`
 */
export async function refuseResolvedServer(rules: NetworkRules, server: string): Promise<void> {
  refuseServer(rules, server);
  const host = hostOf(server);
  if (isIP(host) !== 0) return;
  const found = await resolve(host, { all: true }).catch(() => []);
  for (const { address } of found) if (!mayReach(rules, host, address)) throw refusal(rules, host, address);
}

/**
 * The addresses of a server that is about to be asked, for what cannot be told to look again when it connects.
 * @throws AdapterError `invalid` when one of them is refused; `unreachable` when the name does not resolve
 */
export async function admittedAddresses(rules: NetworkRules, server: string): Promise<string[]> {
  refuseServer(rules, server);
  const host = hostOf(server);
  if (isIP(host) !== 0) return [host];
  const found = await resolve(host, { all: true }).catch((cause: unknown) => {
    throw new AdapterError("unreachable", `${host} cannot be found`, { cause });
  });
  for (const { address } of found) if (!mayReach(rules, host, address)) throw refusal(rules, host, address);
  return found.map(({ address }) => address);
}

/** Why a connection that was made to this address may not be used; null when it may. `host`: as its URL has it. */
export function refusalOf(rules: NetworkRules, host: string, address: string): AdapterError | null {
  const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, "");
  return isIP(address) !== 0 && mayReach(rules, name, address) ? null : refusal(rules, name, address);
}

/** Resolves a name for a connection that is about to be made, so that no later answer of DNS leads elsewhere. */
export const guardedLookup =
  (rules: NetworkRules): LookupFunction =>
  (hostname, options, callback) => {
    const host = hostname.toLowerCase().replace(/\.$/, "");
    resolve(hostname, { ...options, all: true }).then(
      (found) => {
        const refused = found.find(({ address }) => !mayReach(rules, host, address));
        const [first] = found;
        if (refused || !first) callback(refusal(rules, host, refused?.address), []);
        else if (options.all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
