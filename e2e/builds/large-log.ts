import { createHash, randomBytes } from "node:crypto";
import { expect } from "@playwright/test";
import { api, until } from "../support/api.ts";
import { portalState } from "../support/state.ts";

/**
 * Prints about so many megabytes: colours, HTML, links that would do harm, Chinese, a progress line, an error. The shell
 * repeats the command in the log, so what is searched for is put together by it.
 */
export const printCommand = (megabytes: number): string =>
  `node -e '${`
const fs = require("fs"), E = String.fromCharCode(27), R = String.fromCharCode(13);
const lines = [
  E + "[32m[INFO]" + E + "[0m 第 {n} 步：编译模块 quote-engine，校验通过，行情组件打包完成 𠮷野家",
  "[INFO] Downloaded from central: https://repo.example.com/maven2/org/example/lib-{n}.jar (812 kB at 3 MB/s)",
  E + "[1;38;5;208mWARN" + E + "[0m <img src=x onerror=window.hacked={n}><script>window.hacked={n}</script> & {n}",
  E + "]8;;javascript:window.hacked={n}" + E + "\\\\点这里 {n}" + E + "]8;;" + E + "\\\\ [x](javascript:window.hacked={n})",
  E + "[38;2;12;200;99m进度 {n}%" + E + "[0m" + R + "done {n}",
];
let total = 0, line = 0;
while (total < ${megabytes} * 1048576) {
  let text = "";
  for (let end = line + 2000; line < end; line += 1) text += lines[line % 5].split("{n}").join(line) + "\\n";
  if (line === 500000) text += "ERR" + "OR: the linker gave up at needle-in-" + "the-middle\\n";
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at, Math.min(65521, bytes.length - at));
  total += bytes.length;
}
`
    .replaceAll("\n", " ")
    .replaceAll("'", "")}' && node build.mjs`;

type Release = { number: string; items: { build: { id: string; number: number | null } | null }[] };

async function done<Body>(who: string, method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await api<Body>(who, method, path, body);
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}

/** Builds a component of a project of its own with the command; answers once the log is stored. */
export async function builtWith(buildCommand: string): Promise<{ id: string; number: number }> {
  const key = `log-${randomBytes(3).toString("hex")}`;
  await done("admin", "POST", "/projects", { key, name: "长日志走查", owner: "owner" });
  await done("owner", "PUT", `/projects/${key}/members`, { username: "dev", roles: ["developer"] });
  const model = await done<Record<string, unknown>>("owner", "GET", "/projects/quotes/components/quote-api");
  const kept = ["key", "name", "kind", "gitUrl", "subPath", "defaultRef", "baseImage", "dockerfile"];
  const fields = [...kept, "artifactPath", "port", "buildServer", "registry"].map((name) => [
    name,
    model[name],
  ]);
  await done("owner", "POST", `/projects/${key}/components`, { ...Object.fromEntries(fields), buildCommand });
  const { number } = await done<Release>("dev", "POST", "/releases", {
    project: key,
    title: "长日志",
    items: [{ component: "quote-api", ref: "main" }],
    build: true,
  });
  const release = await done<Release>("dev", "GET", `/releases/${number}`);
  const id = release.items[0]?.build?.id ?? "";
  const build = await until(
    "the build",
    () =>
      api<{ logComplete: boolean; number: number | null; endedAt: string | null }>(
        "dev",
        "GET",
        `/builds/${id}`,
      ),
    ({ logComplete, endedAt }) => logComplete && endedAt !== null,
  );
  return { id, number: build.number ?? 0 };
}

/** SHA-256 and length of the build server's own console. */
export async function consoleOf(number: number): Promise<{ sha256: string; bytes: number }> {
  const { url, user, token, job } = portalState().jenkins;
  const response = await fetch(
    `${url.replace(/\/$/, "")}/job/${encodeURIComponent(job)}/${number}/consoleText`,
    {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}` },
    },
  );
  if (!response.ok || !response.body) throw new Error(`console: HTTP ${response.status}`);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of response.body) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { sha256: hash.digest("hex"), bytes };
}
