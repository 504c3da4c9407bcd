import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { readBuildServer } from "./queries.ts";
import type { buildJobSchema } from "./schema.ts";

/** The server's process runs in the folder that holds them; see `outputFileTracingIncludes`. */
const FOLDER = ["deploy", "jenkins"];
const NAMES = ["Jenkinsfile", "casc.yaml", "config.xml"] as const;

/** The job's definitions, to paste into Jenkins, for the name under which the server is registered. Admins only. */
export async function readBuildJob(input: {
  actor: Actor;
  buildServer: string;
}): Promise<z.infer<typeof buildJobSchema>> {
  const { jobName, url, username } = await readBuildServer(input.actor, input.buildServer);
  const files = await Promise.all(
    NAMES.map(async (name) => {
      const text = await readFile(join(process.cwd(), ...FOLDER, name), "utf8");
      return { name, text: name === "casc.yaml" ? named(text, jobName) : text };
    }),
  );
  return { jobName, files, command: createCommand({ url, username, jobName }) };
}

/** The name instead of the variable that the file reads it from; as a Groovy string. */
const named = (casc: string, jobName: string): string =>
  casc
    .replaceAll(/'\$\{REFRACT_JOB:-refract-build\}'/g, () => `'${jobName.replaceAll("'", "\\'")}'`)
    .replace("; optional REFRACT_JOB", "");

/** @returns a line for sh that creates the job from `config.xml` in the working directory */
export function createCommand(server: { url: string; username: string; jobName: string }): string {
  const names = server.jobName.split("/");
  const folders = names.slice(0, -1).map((folder) => `/job/${encodeURIComponent(folder)}`);
  const name = encodeURIComponent(names.at(-1) ?? "");
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `curl --fail-with-body --user ${quoted(`${server.username}:API_TOKEN`)}`,
    "--header 'Content-Type: application/xml' --data-binary @config.xml",
    quoted(`${server.url}${folders.join("")}/createItem?name=${name}`),
  ].join(" ");
}
