import { execFileSync } from "node:child_process";
import { randomUUID, sign, X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What makes its certificate. */
const OPENSSL = "/usr/bin/openssl";
export const canGiveTokens = existsSync(OPENSSL);
export const SERVICE = "registry.test";
export const ISSUER = "refract-tests";

type Access = { type: string; name: string; actions: string[] };

/** A server that gives tokens as the real registry verifies them: signed, with the certificate of the key in them. */
export async function startTokenServer() {
  const folder = mkdtempSync(join(tmpdir(), "refract-token-server-"));
  const keyFile = join(folder, "key.pem");
  const certificate = join(folder, "certificate.pem");
  const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=tokens";
  execFileSync(OPENSSL, [...words.split(" "), "-keyout", keyFile, "-out", certificate], {
    stdio: "ignore",
  });
  const key = readFileSync(keyFile, "utf8");
  const x5c = [new X509Certificate(readFileSync(certificate)).raw.toString("base64")];
  const credentials = { username: "robot", password: "s3cret" };
  const asked: string[][] = [];
  let good = new Map<string, Access[]>();

  function give(scopes: string[]): string {
    const access = scopes.map((scope) => {
      const [type = "", name = "", actions = ""] = scope.split(":");
      return { type, name, actions: actions.split(",") };
    });
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now - 5, nbf: now - 5, exp: now + 300 };
    const claims = { iss: ISSUER, sub: "robot", aud: SERVICE, ...times, jti: randomUUID(), access };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ typ: "JWT", alg: "ES256", x5c })}.${part(claims)}`;
    const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
    const token = `${text}.${signature.toString("base64url")}`;
    good.set(token, access);
    asked.push(scopes);
    return token;
  }

  const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Basic ${basic}`) {
      response.writeHead(401).end();
      return;
    }
    const scopes = new URL(request.url ?? "/", "http://x").searchParams.getAll("scope");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ token: give(scopes), expires_in: 300 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the token server has no port");
  const realm = `http://127.0.0.1:${address.port}/token`;
  return {
    realm,
    certificate,
    credentials,
    /** How many tokens were given until now. */
    given: () => asked.length,
    /** The scopes of each. */
    asked: () => asked,
    /** No token that was given is good any more, for a registry that asks `allows`. */
    forget: () => {
      good = new Map();
    },
    /** What the sandbox asks instead of verifying signatures. */
    allows: (token: string, { name, action }: { name: string; action: string }): boolean => {
      const access = good.get(token);
      return (
        access !== undefined &&
        (name === "" || access.some((one) => one.name === name && one.actions.includes(action)))
      );
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type TokenServer = Awaited<ReturnType<typeof startTokenServer>>;
