import { db } from "#lib/db.ts";
import { PROJECTS, type Username } from "./catalog.ts";

/** Three environments, three rules: FAT asks for nothing, STAGING looks at the image, PROD at where it is kept as well. */
export function rulesOf(environment: string, { production, signed }: ImageRules) {
  const asked = { maxSeverity: "high", requireSignature: signed };
  if (environment === "STAGING") return { imagePolicy: { create: asked } };
  if (environment !== "PROD") return {};
  const allowedRegistries = production === null ? [] : ["prod"];
  return { registryId: production, imagePolicy: { create: { ...asked, allowedRegistries } } };
}

export type ImageRules = {
  /** The registry that images of PROD are copied to; null: they stay where they were pushed. */
  production: string | null;
  /** The build server signs what it builds. */
  signed: boolean;
};

/** What the Python base image still has: STAGING lets it through for a month, PROD does not. */
const WAIVED = ["CVE-2024-45491", "CVE-2024-45492"];

/** Exceptions that STAGING makes for the Python components; none where there are some already. */
export async function seedWaivers(
  users: Map<Username, string>,
  environments: Map<string, string>,
): Promise<void> {
  const environmentId = environments.get("STAGING") ?? "";
  if ((await db.waiver.count({ where: { environmentId } })) > 0) return;
  const keys = PROJECTS.flatMap(({ components }) =>
    components.filter(({ needsPython }) => needsPython).map(({ key }) => key),
  );
  const rows = await db.component.findMany({
    where: { key: { in: keys }, project: { key: { in: PROJECTS.map(({ key }) => key) } } },
    select: { id: true, projectId: true },
  });
  const [asker = "", decider = ""] = [users.get("ops"), users.get("ops2")];
  await db.waiver.createMany({
    data: rows.flatMap(({ id, projectId }) =>
      WAIVED.map((subject) => ({
        projectId,
        componentId: id,
        environmentId,
        subject,
        reason: "仅测试环境放行：解析器不接收外部输入，下月随基础镜像升级",
        ownerId: asker,
        askedById: asker,
        state: "granted",
        decidedById: decider,
        decidedAt: new Date(),
        expiresAt: new Date(Date.now() + 30 * 86_400_000),
        comment: "到期前完成升级",
      })),
    ),
  });
}
