import type { CallOptions, RegistryFinding } from "../../ports.ts";
import type { RegistryConfig } from "../config.ts";
import type { HarborApi } from "./api.ts";
import { type HarborProject, robotShape } from "./shapes.ts";

const DAY_MS = 86_400_000;
/** A robot account that ends sooner is told of: a new one has to be asked for. */
const SOON_DAYS = 14;

/**
 * When the account ends, if it is a robot's: `robot$name` of the whole system, `robot$project+name` of a project. Harbor
 * shows robots to few accounts; another prefix may be set, so every robot of the same name counts.
 * @throws AdapterError `forbidden` where the account may not look
 */
export async function robotFinding(
  api: HarborApi,
  { credentials }: RegistryConfig,
  projects: readonly HarborProject[],
  now: Date,
  options?: CallOptions,
): Promise<RegistryFinding[]> {
  const name = credentials?.username;
  if (!name?.includes("$")) return [];
  const owner = /\$(.+)\+/.exec(name)?.[1];
  const project = projects.find((one) => one.name === owner);
  if (owner !== undefined && !project) return [];
  const level = project ? `Level=project,ProjectID=${project.project_id}` : "Level=system";
  const robots = (await api.list(`/robots?${new URLSearchParams({ q: level })}`, robotShape, options)) ?? [];
  const robot = robots.find((one) => one.name === name);
  if (!robot) return [];
  const finding = (ok: boolean, message: string, date?: string) => [
    { code: "HARBOR_ROBOT", ok, message, facts: { account: name, ...(date ? { date } : {}) } },
  ];
  if (robot.disable) return finding(false, `${name} is disabled`);
  if (robot.expires_at <= 0) return finding(true, `${name} has no end`);
  const end = new Date(robot.expires_at * 1000);
  const ok = end.getTime() - now.getTime() > SOON_DAYS * DAY_MS;
  const date = end.toISOString().slice(0, 10);
  return finding(ok, `${name} ends on ${date}`, date);
}
