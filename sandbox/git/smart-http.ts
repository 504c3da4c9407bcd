import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { GIT_ENVIRONMENT } from "./git.ts";

export type Service = "git-upload-pack" | "git-receive-pack";

export function isService(text: string): text is Service {
  return text === "git-upload-pack" || text === "git-receive-pack";
}

/** GET info/refs: what the repository has, after the service line that protocol versions 0 and 1 begin with. */
export async function advertise(
  request: IncomingMessage,
  response: ServerResponse,
  service: Service,
  repository: string,
): Promise<void> {
  response.writeHead(200, {
    "content-type": `application/x-${service}-advertisement`,
    "cache-control": "no-cache, max-age=0, must-revalidate",
  });
  if (!speaksVersion2(request)) response.write(`${packetLine(`# service=${service}\n`)}0000`);
  const child = start(request, response, service, repository, ["--advertise-refs"]);
  child.stdin.end();
  await Promise.all([pipeline(child.stdout, response), ended(child)]);
}

/** POST of one request of the stateless protocol; its body may be compressed. */
export async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  service: Service,
  repository: string,
): Promise<void> {
  response.writeHead(200, { "content-type": `application/x-${service}-result`, "cache-control": "no-cache" });
  const child = start(request, response, service, repository, []);
  // Git may end before it has read all (a refused push); its answer tells the client why.
  const input =
    request.headers["content-encoding"] === "gzip"
      ? pipeline(request, createGunzip(), child.stdin)
      : pipeline(request, child.stdin);
  await Promise.all([input.catch(() => undefined), pipeline(child.stdout, response), ended(child)]);
}

function start(
  request: IncomingMessage,
  response: ServerResponse,
  service: Service,
  repository: string,
  more: string[],
) {
  const settings = ["uploadpack.allowFilter=true", "uploadpack.allowAnySHA1InWant=true", "safe.directory=*"];
  const args = [
    ...settings.flatMap((setting) => ["-c", setting]),
    service.slice("git-".length),
    "--stateless-rpc",
    ...more,
    repository,
  ];
  const protocol = request.headers["git-protocol"];
  const child = spawn("git", args, {
    env: { ...GIT_ENVIRONMENT, ...(typeof protocol === "string" ? { GIT_PROTOCOL: protocol } : {}) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  // A client that goes away takes its git with it; after a complete answer there is nothing left to end.
  response.once("close", () => child.kill());
  return child;
}

function ended(child: ReturnType<typeof start>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
}

function speaksVersion2(request: IncomingMessage): boolean {
  const protocol = request.headers["git-protocol"];
  return typeof protocol === "string" && protocol.split(":").includes("version=2");
}

/** Four hexadecimal digits of length (themselves included), then the text. */
function packetLine(text: string): string {
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, "0")}${text}`;
}
