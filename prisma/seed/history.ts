import { join } from "node:path";
import { db } from "#lib/db.ts";
import { chanceFrom } from "./chance.ts";
import { type PastCommit, pastCommit, writeCommits } from "./history-commits.ts";
import { type HistoryOrder, historyOf } from "./history-release.ts";

/*
 * Two months of release orders of a project that is there for its statistics alone: it has no targets, so nothing of it
 * was ever deployed, and nothing can be. The same every time but for the days.
 */

const PROJECT = {
  key: "clearing",
  name: "清算服务",
  description: "为演示统计而生成的两个月发布历史；没有部署目标，不能真正部署",
};
const COMPONENTS = [
  { key: "settle-batch", name: "清算批处理", repository: "tick-store", seconds: 240 },
  { key: "recon-api", name: "对账接口", repository: "quote-api", seconds: 110 },
  { key: "recon-web", name: "对账页面", repository: "portal-web", seconds: 75 },
  { key: "report-export", name: "报表导出", repository: "risk-check", seconds: 130 },
] as const;
const DAYS = 60;
const DAY = 86_400_000;

/** Writes the history unless its project is there already. @param places ids by user name and by environment in order */
export async function seedHistory(places: {
  users: ReadonlyMap<string, string>;
  environments: ReadonlyMap<string, string>;
  servers: { buildServerId: string; registryId: string };
  registryHost: string;
  gitUrl: string;
  /** Where the Git server has its repositories, when they may be made: else the commits are in none. */
  gitDir: string | undefined;
}): Promise<void> {
  const repositoryOf = ({ key, repository }: { key: string; repository: string }) =>
    places.gitDir === undefined ? repository : `${PROJECT.key}/${key}`;
  const gitUrlOf = (component: { key: string; repository: string }) =>
    `${places.gitUrl.replace(/\/$/, "")}/${repositoryOf(component)}.git`;
  const known = await db.project.findUnique({ where: { key: PROJECT.key }, select: { id: true } });
  if (known) {
    // On another port the demo's Git has another address.
    for (const component of COMPONENTS) {
      const where = { projectId: known.id, key: component.key };
      await db.component.updateMany({ where, data: { gitUrl: gitUrlOf(component) } });
    }
    return;
  }
  const user = (username: string) => places.users.get(username) ?? "";
  const environments = [...places.environments].map(([key, id]) => ({ key, id }));
  const project = await db.project.create({
    data: {
      ...PROJECT,
      members: {
        create: [
          { userId: user("dev"), role: "developer" },
          { userId: user("tester"), role: "tester" },
          { userId: user("ops"), role: "ops" },
          { userId: user("ops2"), role: "ops" },
          { userId: user("owner"), role: "owner" },
        ],
      },
      environments: { create: environments.map(({ id }) => ({ environmentId: id })) },
      components: {
        create: COMPONENTS.map((component) => ({
          key: component.key,
          name: component.name,
          gitUrl: gitUrlOf(component),
          ...places.servers,
        })),
      },
    },
    include: { components: { select: { id: true, key: true } } },
  });
  const chance = chanceFrom(20_260_102);
  const today = Math.floor(Date.now() / DAY) * DAY;
  const texts = chanceFrom(20_260_103);
  const commits = new Map<string, PastCommit[]>(COMPONENTS.map(({ key }) => [key, []]));
  const orders: HistoryOrder[] = [];
  for (let day = today - DAYS * DAY; day < today; day += DAY) {
    const weekend = [0, 6].includes(new Date(day).getUTCDay());
    const count = weekend ? 0 : 1 + chance.whole(3);
    for (let index = 1; index <= count; index += 1) {
      const chosen = COMPONENTS.filter(() => chance.whole(2) === 0);
      const some = chosen.length === 0 ? [chance.one(COMPONENTS)] : chosen;
      const date = new Date(day).toISOString().slice(0, 10).replaceAll("-", "");
      // Between half past nine and five in the afternoon, in Shanghai.
      const from = day + chance.minutes(90, 540);
      orders.push({
        number: `${date}-${PROJECT.key}-${String(index).padStart(3, "0")}`,
        title: `${some.map(({ name }) => name).join("、")}例行更新`,
        from,
        projectId: project.id,
        buildServerId: places.servers.buildServerId,
        components: some.map(({ key, seconds }) => {
          const commit = pastCommit(from, texts);
          commits.get(key)?.push(commit);
          return {
            id: project.components.find((component) => component.key === key)?.id ?? "",
            repository: `${places.registryHost}/${PROJECT.key}/${key}`,
            ...{ seconds, commit },
          };
        }),
        environments,
        people: { developer: user("dev"), operator: user("ops"), approver: user("ops2") },
      });
    }
  }
  if (places.gitDir !== undefined) {
    for (const [key, past] of commits) {
      const ids = await writeCommits(join(places.gitDir, PROJECT.key, `${key}.git`), past);
      for (const [index, commit] of past.entries()) commit.id = ids[index] ?? commit.id;
    }
  }
  // What would not have arrived by now is left out: nobody could take it further.
  const rows = orders
    .map((order) => historyOf(order, chance))
    .filter(({ stages }) => stages.every(({ verdictAt }) => new Date(verdictAt ?? 0) < new Date()));
  await db.$transaction([
    db.release.createMany({ data: rows.map(({ release }) => release) }),
    db.releaseItem.createMany({ data: rows.flatMap(({ items }) => items) }),
    db.build.createMany({ data: rows.flatMap(({ builds }) => builds) }),
    db.artifact.createMany({ data: rows.flatMap(({ artifacts }) => artifacts) }),
    db.stage.createMany({ data: rows.flatMap(({ stages }) => stages) }),
    db.plan.createMany({ data: rows.flatMap(({ plans }) => plans) }),
    db.approval.createMany({ data: rows.flatMap(({ approvals }) => approvals) }),
    db.deployment.createMany({ data: rows.flatMap(({ deployments }) => deployments) }),
  ]);
}
