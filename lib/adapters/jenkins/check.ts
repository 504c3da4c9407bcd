import { z } from "zod";
import type { AdapterError } from "#lib/errors.ts";
import type { BuildServerFinding, CallOptions } from "../ports.ts";
import { checkAgents } from "./check-agents.ts";
import { checkJob } from "./check-job.ts";
import type { Client } from "./client.ts";
import { detailsOf } from "./failure.ts";
import { attempt, finding } from "./finding.ts";

/** The first with crumbs bound to their session, which this adapter counts on. */
const OLDEST: readonly [number, number] = [2, 176];
/** A `Date` header has whole seconds, and the answer was on its way. */
const CLOCK_TOLERANCE_S = 30;

const rootSchema = z.object({ quietingDown: z.boolean().nullish(), quietDownReason: z.string().nullish() });
const whoAmISchema = z.object({ name: z.string(), authenticated: z.boolean(), anonymous: z.boolean() });

/**
 * Looks at everything a build needs, as far as it can be seen without starting or stopping one. The list ends at
 * the first finding without which the rest cannot be asked. Never throws for what the server answers.
 * @param options labels: those that builds ask for here
 */
export async function checkServer(
  client: Client,
  job: { name: string; jobPath: string },
  { labels = [], ...options }: CallOptions & { labels?: readonly string[] },
): Promise<BuildServerFinding[]> {
  const asked = Date.now();
  const root = await attempt(
    client.json(
      "check",
      "/api/json",
      { tree: "quietingDown,quietDownReason" },
      (body, { headers }) => ({ ...rootSchema.parse(body), headers, latency: Date.now() - asked }),
      options,
    ),
  );
  if (!root.ok) return noEntrance(root.error);
  const { headers, latency } = root.value;
  const { findings: ofJob, label } = await checkJob(client, job, options);
  return [
    finding("REACHABLE", true, `Jenkins answered in ${latency} ms.`, { latency }),
    versionFinding(headers.get("x-jenkins")),
    await identity(client, options),
    quietFinding(root.value),
    clockFinding(headers.get("date"), asked, latency),
    ...(await checkAgents(client, label === null ? labels : [...labels, label], options)),
    ...ofJob,
  ];
}

/** What the very first answer says when it is no answer to the question. */
function noEntrance(error: AdapterError): BuildServerFinding[] {
  const { reason, permission } = detailsOf(error);
  const answered = error.status !== undefined && !["starting", "not_jenkins"].includes(reason);
  const denied = error.failure === "unauthorized" || error.failure === "forbidden";
  if (!answered || !denied) {
    const fix = "Check the address, the network and that Jenkins runs.";
    return [finding("REACHABLE", false, error.message, { reason, status: error.status ?? 0 }, fix)];
  }
  return [
    finding("REACHABLE", true, "Jenkins answers."),
    finding(
      "AUTHENTICATED",
      false,
      error.message,
      { reason, permission: permission ?? "" },
      "Use a user name with one of its API tokens, and grant Overall/Read.",
    ),
  ];
}

function versionFinding(version: string | null): BuildServerFinding {
  const fix = "Is this address a Jenkins? Update it to a supported version.";
  if (version === null)
    return finding("VERSION", null, "No X-Jenkins header: a proxy may take it away.", { version: "" }, fix);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const recent = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  const facts = { version, oldest: OLDEST.join(".") };
  return finding("VERSION", recent, `Jenkins ${version}`, facts, fix);
}

async function identity(client: Client, options: CallOptions): Promise<BuildServerFinding> {
  const parse = (body: unknown) => whoAmISchema.parse(body);
  const who = await attempt(client.json("check", "/whoAmI/api/json", {}, parse, options));
  const fix = "Use a user name with one of its API tokens.";
  if (!who.ok) {
    const { reason } = detailsOf(who.error);
    return finding("AUTHENTICATED", false, who.error.message, { reason, permission: "" }, fix);
  }
  const known = who.value.authenticated && !who.value.anonymous;
  const facts = { user: who.value.name, reason: "anonymous", permission: "" };
  return finding("AUTHENTICATED", known, `Signed in as ${who.value.name}.`, facts, fix);
}

function quietFinding({ quietingDown, quietDownReason }: z.infer<typeof rootSchema>): BuildServerFinding {
  const quiet = quietingDown === true;
  const message = quiet ? "Jenkins prepares to shut down: builds stay in the queue." : "Builds are started.";
  const fix = "Cancel the quiet-down in Jenkins or wait for the restart.";
  return finding("ACCEPTS_BUILDS", !quiet, message, { reason: quietDownReason ?? "" }, fix);
}

function clockFinding(date: string | null, asked: number, latency: number): BuildServerFinding {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return finding("CLOCK", null, "The answer has no Date header.", { seconds: 0 });
  // The header is cut to the second: half of one is added, and half of the way back.
  const seconds = Math.round((theirs + 500 - (asked + latency / 2)) / 1000);
  const fix = "Let both machines keep their time by NTP.";
  const message = `The clock of Jenkins is ${seconds} s ahead of ours.`;
  return finding(
    "CLOCK",
    Math.abs(seconds) <= CLOCK_TOLERANCE_S,
    message,
    { seconds, ahead: seconds > 0 ? "yes" : "no", size: Math.abs(seconds) },
    fix,
  );
}
