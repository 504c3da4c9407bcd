const BLOCK = /^-----BEGIN ([A-Z ]*)PRIVATE KEY-----\s([\s\S]+?)-----END \1PRIVATE KEY-----$/;
const MAGIC = Buffer.from("openssh-key-v1\0");

/**
 * Why ssh could not use a private key without asking a person, or null when it can: it must be one whole PEM block and
 * have no passphrase.
 */
export function refusedKey(text: string): "not-a-key" | "passphrase" | null {
  const [, kind, body] = BLOCK.exec(text.replaceAll("\r\n", "\n").trim()) ?? [];
  if (kind === undefined || body === undefined) return "not-a-key";
  if (kind !== "OPENSSH ") return /ENCRYPTED/.test(kind + body) ? "passphrase" : null;
  const bytes = Buffer.from(body.replaceAll(/\s/g, ""), "base64");
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || bytes.length < MAGIC.length + 4) return "not-a-key";
  // After the magic the name of the cipher, with its length before it.
  const start = MAGIC.length + 4;
  const cipher = bytes.subarray(start, start + bytes.readUInt32BE(MAGIC.length)).toString();
  return cipher === "none" ? null : "passphrase";
}

const KNOWN_HOST =
  /^(?:@(?:cert-authority|revoked)\s+)?\S+\s+(?:ssh-|ecdsa-|sk-)\S+\s+[A-Za-z0-9+/]+=*(?:\s.*)?$/;

/** Whether the text is lines of known_hosts, at least one of which names a key. */
export function areKnownHosts(text: string): boolean {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  return lines.length > 0 && lines.every((line) => KNOWN_HOST.test(line));
}
