import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from "node:crypto";
import { env } from "./env.ts";

const key = () => Buffer.from(env.ENCRYPTION_KEY, "base64");

/**
 * Encrypts a secret for storage: AES-256-GCM, `v1.<nonce>.<tag>.<text>` in base64url.
 * @param context bound as additional data: a ciphertext moved to another row does not decrypt.
 */
export function encryptSecret(plain: string, context: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key(), nonce).setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return ["v1", ...[nonce, cipher.getAuthTag(), text].map((part) => part.toString("base64url"))].join(".");
}

/** @throws Error when the text was changed, moved to another context, or written with another key. */
export function decryptSecret(stored: string, context: string): string {
  const [version, nonce, tag, text] = stored.split(".");
  if (version !== "v1" || !nonce || !tag || text === undefined) throw new Error("not an encrypted secret");
  const decipher = createDecipheriv("aes-256-gcm", key(), Buffer.from(nonce, "base64url"))
    .setAAD(Buffer.from(context))
    .setAuthTag(Buffer.from(tag, "base64url"));
  return Buffer.concat([decipher.update(Buffer.from(text, "base64url")), decipher.final()]).toString("utf8");
}

// OWASP's recommendation for scrypt: N=2^17, r=8, p=1 (128 MiB, so maxmem is raised).
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password.normalize("NFKC"), salt, 32, cost, (error, hash) =>
      error ? reject(error) : resolve(hash),
    ),
  );
}

/** Hashes a password: `scrypt$N$r$p$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/** Compares in constant time. A stored value that is not a hash of ours never matches. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, N, r, p, salt, hash] = stored.split("$");
  if (scheme !== "scrypt" || !salt || !hash) return false;
  const cost = { ...COST, N: Number(N), r: Number(r), p: Number(p) };
  const expected = Buffer.from(hash, "base64url");
  const actual = await derive(password, Buffer.from(salt, "base64url"), cost);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** A hash that only this portal can compute: of texts that could be guessed. */
export const keyedHash = (text: string): string => createHmac("sha256", key()).update(text).digest("hex");

export const sha256 = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");
