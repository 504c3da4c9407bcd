import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { areKnownHosts, refusedKey } from "./private-key.ts";

/** The outside of a key as ssh-keygen writes it: magic, cipher, and what follows. */
function openssh(cipher: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(cipher.length);
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    length,
    Buffer.from(cipher),
    Buffer.alloc(40),
  ]);
  const lines = body.toString("base64").replaceAll(/.{60}/g, "$&\n");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
const pem = (more: object = {}) =>
  generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem", ...more },
  });

describe("refusedKey", () => {
  test.each([
    ["OpenSSH without a passphrase", openssh("none"), null],
    ["with line ends of Windows", openssh("none").replaceAll("\n", "\r\n"), null],
    ["OpenSSH with a passphrase", openssh("aes256-ctr"), "passphrase"],
    ["PKCS#8", pem().privateKey, null],
    ["PKCS#8 with a passphrase", pem({ cipher: "aes-256-cbc", passphrase: "x" }).privateKey, "passphrase"],
    ["a public key", pem().publicKey, "not-a-key"],
    ["half of a key", openssh("none").slice(0, 80), "not-a-key"],
    ["what only looks like one", openssh("none").replace(/\nb3Bl/, "\nAAAA"), "not-a-key"],
    ["nothing", "", "not-a-key"],
  ])("%s", (_, text, wanted) => expect(refusedKey(text)).toBe(wanted));
});

describe("areKnownHosts", () => {
  test.each([
    ["git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", true],
    ["# git\n\n[git.example.com]:2222,10.0.0.1 ecdsa-sha2-nistp256 AAAA= a comment\r\n", true],
    ["|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM= ssh-rsa AAAA", true],
    ["@cert-authority *.example.com ssh-ed25519 AAAA", true],
    ["# only a comment", false],
    ["git.example.com", false],
    ["git.example.com ssh-ed25519 AAAA\nStrictHostKeyChecking no", false],
  ])("%j", (text, wanted) => expect(areKnownHosts(text)).toBe(wanted));
});
