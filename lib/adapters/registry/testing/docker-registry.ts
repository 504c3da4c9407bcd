import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ISSUER, SERVICE, type TokenServer } from "./token-server.ts";

/** Where Debian's package docker-registry puts it. */
const BINARY = "/usr/bin/docker-registry";
export const hasDockerRegistry = existsSync(BINARY);

export const ACCOUNT = { username: "robot", password: "s3cret" };
/** bcrypt of the account's password. */
const HTPASSWD = "robot:$2y$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK\n";
const START_MS = 30_000;

/** Starts the real registry on a free port of loopback, with a storage and a configuration of its own. */
export async function startDockerRegistry(
  auth: "none" | "htpasswd" | TokenServer,
): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "refract-docker-registry-"));
  const storage = join(folder, "storage");
  const passwords = join(folder, "htpasswd");
  writeFileSync(passwords, HTPASSWD);
  const way =
    typeof auth === "string"
      ? auth === "none"
        ? ""
        : `auth: { htpasswd: { realm: Registry, path: ${passwords} } }`
      : `auth: { token: { realm: "${auth.realm}", service: ${SERVICE}, issuer: ${ISSUER}, rootcertbundle: ${auth.certificate} } }`;
  const config = join(folder, "config.yml");
  writeFileSync(
    config,
    [
      "version: 0.1",
      `storage: { filesystem: { rootdirectory: ${storage} }, delete: { enabled: true } }`,
      "http: { addr: '127.0.0.1:0', secret: tests }",
      way,
      "",
    ].join("\n"),
  );
  const child = spawn(BINARY, ["serve", config], {
    env: { NODE_ENV: "test" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const close = async () => {
    child.kill("SIGKILL");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const port = await new Promise<number>((resolve, reject) => {
      let said = "";
      const listen = (chunk: Buffer) => {
        said = `${said}${chunk}`.slice(-20_000);
        const found = /listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (found) resolve(Number(found));
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.once("error", reject);
      child.once("close", () => reject(new Error(`docker-registry ended: ${said}`)));
      setTimeout(() => reject(new Error(`docker-registry does not listen: ${said}`)), START_MS).unref();
    });
    return { url: `http://127.0.0.1:${port}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}
