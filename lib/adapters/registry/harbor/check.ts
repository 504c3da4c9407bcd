import { AdapterError } from "#lib/errors.ts";
import type { CallOptions, RegistryFinding } from "../../ports.ts";
import type { RegistryConfig } from "../config.ts";
import { type HarborApi, placeOf } from "./api.ts";
import { artifactsOf } from "./artifacts.ts";
import { deletedByRetention } from "./retention.ts";
import { robotFinding } from "./robots.ts";
import {
  type HarborProject,
  healthShape,
  immutableShape,
  projectShape,
  retentionShape,
  summaryShape,
  systemShape,
} from "./shapes.ts";

/** An image that no rule of Harbor may delete. */
export type Wanted = { repository: string; digest: string };

/** From here on a quota is worth a warning. */
const NEARLY_FULL = 0.9;
/** Projects and repositories that one check looks into. */
const MAX_PROJECTS = 50;
const MAX_REPOSITORIES = 200;

/**
 * What Harbor's own API tells beside the distribution's: its health, the account's end, and of each project that
 * `wanted` names whether it can be read, is scanned, has room, and whether its retention would delete one of them.
 * What this account may not ask is left out. Never throws AdapterError.
 */
export async function checkHarbor(
  api: HarborApi,
  config: RegistryConfig,
  wanted: readonly Wanted[],
  options?: CallOptions,
): Promise<RegistryFinding[]> {
  try {
    const system = await api.get("/systeminfo", systemShape, options);
    if (!system) throw new AdapterError("missing", `${api.what} has no API 2.0`);
    const version = system.harbor_version;
    const facts: RegistryFinding["facts"] = version ? { version } : {};
    const findings: RegistryFinding[] = [
      { code: "HARBOR_API", ok: true, message: `${api.what} ${version ?? ""}`.trim(), facts },
      ...(system.read_only
        ? [{ code: "HARBOR_READ_ONLY", ok: false, message: `${api.what} takes nothing: it is read-only` }]
        : []),
    ];
    findings.push(...(await asked(health(api, options))));
    const projects = new Set<string>();
    for (const { repository } of wanted) {
      const place = placeOf(repository);
      if (place && projects.size < MAX_PROJECTS) projects.add(place.project);
    }
    const found: HarborProject[] = [];
    for (const name of projects) {
      const project = await readProject(api, name, options);
      if ("code" in project) findings.push(project);
      else found.push(project);
    }
    findings.push(...(await asked(robotFinding(api, config, found, new Date(), options))));
    for (const project of found) {
      findings.push(...(await asked(quota(api, project, options))), ...scanning(project));
      findings.push(...(await asked(retention(api, project, wanted, options))));
    }
    return findings;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const facts = { reason: error.failure, detail: error.message };
    return [{ code: "HARBOR_API", ok: false, message: error.message, facts }];
  }
}

/** Not every account may ask everything: what is refused is not known, which is no finding. */
async function asked(asking: Promise<RegistryFinding[]>): Promise<RegistryFinding[]> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof AdapterError && ["unauthorized", "forbidden"].includes(error.failure)) return [];
    throw error;
  }
}

async function health(api: HarborApi, options?: CallOptions): Promise<RegistryFinding[]> {
  const answer = await api.get("/health", healthShape, options);
  if (!answer) return [];
  const ill = answer.components.filter(({ status }) => status !== "healthy").map(({ name }) => name);
  const ok = answer.status === "healthy";
  const parts = ill.join(", ");
  const message = ok ? "every part is healthy" : `not well: ${parts}`;
  return [{ code: "HARBOR_HEALTH", ok, message, facts: { parts } }];
}

async function readProject(
  api: HarborApi,
  name: string,
  options?: CallOptions,
): Promise<HarborProject | RegistryFinding> {
  const unread = (message: string) => ({
    code: "HARBOR_PROJECT",
    ok: false,
    message,
    facts: { project: name },
  });
  try {
    const project = await api.get(`/projects/${encodeURIComponent(name)}`, projectShape, options);
    return project ?? unread(`there is no project ${name}`);
  } catch (error) {
    if (!(error instanceof AdapterError) || error.retryable) throw error;
    return unread(`project ${name}: ${error.message}`);
  }
}

async function quota(api: HarborApi, { name }: HarborProject, options?: CallOptions) {
  const summary = await api.get(`/projects/${encodeURIComponent(name)}/summary`, summaryShape, options);
  const hard = summary?.quota?.hard?.storage ?? -1;
  const used = summary?.quota?.used?.storage ?? 0;
  if (hard <= 0) return [];
  const percent = Math.round((used / hard) * 100);
  const ok = used < hard * NEARLY_FULL;
  const message = `project ${name} uses ${percent} % of its storage`;
  return [{ code: "HARBOR_QUOTA", ok, message, facts: { project: name, percent } }];
}

function scanning({ name, metadata }: HarborProject): RegistryFinding[] {
  const ok = metadata?.auto_scan === "true";
  const message = ok
    ? `project ${name} scans what is pushed`
    : `project ${name} does not scan what is pushed`;
  return [{ code: "HARBOR_SCAN", ok, message, facts: { project: name } }];
}

async function retention(
  api: HarborApi,
  { name, metadata }: HarborProject,
  wanted: readonly Wanted[],
  options?: CallOptions,
): Promise<RegistryFinding[]> {
  const id = metadata?.retention_id;
  if (!id) return [];
  const path = `/projects/${encodeURIComponent(name)}/immutabletagrules`;
  const [policy, immutable] = await Promise.all([
    api.get(`/retentions/${encodeURIComponent(id)}`, retentionShape, options),
    api.get(path, immutableShape, options),
  ]);
  const byRepository = Map.groupBy(wanted, ({ repository }) => repository);
  const lost: string[] = [];
  for (const [repository, images] of [...byRepository].slice(0, MAX_REPOSITORIES)) {
    const place = placeOf(repository);
    if (place?.project !== name) continue;
    const deleted = deletedByRetention({
      rules: policy?.rules ?? [],
      immutable: immutable ?? [],
      repository: place.name,
      artifacts: (await artifactsOf(api, repository, options)) ?? [],
      now: new Date(),
    });
    for (const { digest } of images)
      if (deleted.includes(digest)) lost.push(`${repository}@${digest.slice(0, 19)}`);
  }
  const finding = (ok: boolean, message: string, images = "") => [
    { code: "HARBOR_RETENTION", ok, message, facts: { project: name, count: lost.length, images } },
  ];
  if (lost.length === 0) return finding(true, `project ${name} deletes nothing that is kept`);
  const named = `${lost.slice(0, 5).join(", ")}${lost.length > 5 ? ", …" : ""}`;
  const message = `the retention of project ${name} would delete ${lost.length} that are kept: ${named}`;
  return finding(false, message, named);
}
