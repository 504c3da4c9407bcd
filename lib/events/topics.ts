import type { Actor } from "#lib/access/actor.ts";
import { can } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";

/** The project id a topic belongs to; null when there is no such thing. */
async function projectOf(kind: string, id: string): Promise<string | null> {
  switch (kind) {
    case "project":
      return (await db.project.findUnique({ where: { key: id }, select: { id: true } }))?.id ?? null;
    case "environment":
      return projectOf("project", id.split("/")[0] ?? "");
    case "release":
      return (
        (await db.release.findUnique({ where: { number: id }, select: { projectId: true } }))?.projectId ??
        null
      );
    case "deployment":
      return isUuid(id)
        ? ((await db.deployment.findUnique({ where: { id }, select: { projectId: true } }))?.projectId ??
            null)
        : null;
    case "build": {
      if (!isUuid(id)) return null;
      const build = await db.build.findUnique({
        where: { id },
        select: { item: { select: { release: { select: { projectId: true } } } } },
      });
      return build?.item.release.projectId ?? null;
    }
    default:
      return null;
  }
}
const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** May this person hear this topic? Asked when a stream opens and again while it is open. */
export async function mayHear(actor: Actor, topic: string): Promise<boolean> {
  const colon = topic.indexOf(":");
  const [kind, id] = [topic.slice(0, colon), topic.slice(colon + 1)];
  if (kind === "user") return id === actor.username;
  const projectId = await projectOf(kind, id);
  return projectId !== null && can(actor.rights, "project.read", projectId);
}
