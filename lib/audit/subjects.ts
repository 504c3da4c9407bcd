import { db } from "#lib/db.ts";

/** What an entry is about as people know it, and the page that shows it where there is one. */
export type AuditSubject = { name: string; href: string | null };
type Found = readonly (AuditSubject & { id: string })[];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const uuids = (ids: string[]): string[] => ids.filter((id) => UUID.test(id));
const joined = (...parts: (string | null | undefined)[]): string => parts.filter(Boolean).join(" · ");
const pathOf = (...parts: string[]): string => `/${parts.map(encodeURIComponent).join("/")}`;
const partOf = (id: string, index: number): string => id.split("/")[index] ?? "";
const named = { project: { select: { key: true } }, environment: { select: { key: true } } };
const ofItem = { component: { select: { key: true } }, release: { select: { number: true } } };

/** Without the registry, which says nothing to people. */
const imageName = (image: string): string => image.slice(image.indexOf("/") + 1);

async function releases(ids: string[]): Promise<Found> {
  const numbers = ids.map((id) => partOf(id, 0));
  const rows = await db.release.findMany({ where: { number: { in: numbers } }, select: { number: true } });
  const known = new Set(rows.map(({ number }) => number));
  return ids.flatMap((id) => {
    const [number = "", environment] = id.split("/");
    return known.has(number)
      ? [{ id, name: joined(number, environment), href: pathOf("releases", number) }]
      : [];
  });
}

/** `<project>/<component>` and, of its configuration, `/<environment>`. */
async function components(ids: string[]): Promise<Found> {
  const rows = await db.component.findMany({
    where: {
      OR: ids.map((id) => ({ project: { key: partOf(id, 0) }, key: partOf(id, 1) })),
    },
    select: { key: true, project: { select: { key: true } } },
  });
  const known = new Set(rows.map(({ key, project }) => `${project.key}/${key}`));
  return ids.flatMap((id) => {
    const [project = "", component = "", environment] = id.split("/");
    return known.has(`${project}/${component}`)
      ? [
          {
            id,
            name: joined(`${project}/${component}`, environment),
            href: pathOf("projects", project, "components", component),
          },
        ]
      : [];
  });
}

async function projects(ids: string[]): Promise<Found> {
  const rows = await db.project.findMany({ where: { key: { in: ids } }, select: { key: true, name: true } });
  return rows.map(({ key, name }) => ({ id: key, name: joined(name, key), href: pathOf("projects", key) }));
}

async function reservations(ids: string[]): Promise<Found> {
  const keys = ids.map((id) => partOf(id, 0));
  const rows = await db.project.findMany({ where: { key: { in: keys } }, select: { key: true } });
  const known = new Set(rows.map(({ key }) => key));
  return ids.flatMap((id) => {
    const [project = "", environment = ""] = id.split("/");
    const href = pathOf("environments", project, environment);
    return known.has(project) ? [{ id, name: joined(project, environment), href }] : [];
  });
}

async function builds(ids: string[]): Promise<Found> {
  const select = { id: true, number: true, item: { select: ofItem } };
  const rows = await db.build.findMany({ where: { id: { in: uuids(ids) } }, select });
  return rows.map(({ id, number, item }) => ({
    id,
    name: joined(
      number === null ? item.component.key : `${item.component.key} #${number}`,
      item.release.number,
    ),
    href: pathOf("builds", id),
  }));
}

async function plans(ids: string[]): Promise<Found> {
  const rows = await db.plan.findMany({
    where: { digest: { in: ids } },
    select: { digest: true, environment: named.environment, release: ofItem.release },
  });
  return rows.map(({ digest, environment, release }) => ({
    id: digest,
    name: joined(release.number, environment.key),
    href: pathOf("plans", digest),
  }));
}

async function deployments(ids: string[]): Promise<Found> {
  const rows = await db.deployment.findMany({
    where: { id: { in: uuids(ids) } },
    select: { id: true, environment: named.environment, release: ofItem.release },
  });
  return rows.map(({ id, environment, release }) => ({
    id,
    name: joined(release.number, environment.key),
    href: pathOf("deployments", id),
  }));
}

async function artifacts(ids: string[]): Promise<Found> {
  const where = { id: { in: uuids(ids) } };
  const rows = await db.artifact.findMany({ where, select: { id: true, image: true } });
  return rows.map(({ id, image }) => ({ id, name: imageName(image), href: pathOf("artifacts", id) }));
}

async function imageCopies(ids: string[]): Promise<Found> {
  const rows = await db.imageCopy.findMany({
    where: { id: { in: uuids(ids) } },
    select: {
      id: true,
      registry: { select: { key: true } },
      artifact: { select: { id: true, image: true } },
    },
  });
  return rows.map(({ id, registry, artifact }) => ({
    id,
    name: joined(imageName(artifact.image), registry.key),
    href: pathOf("artifacts", artifact.id),
  }));
}

/** By name, or by id where somebody signed in. */
async function users(ids: string[]): Promise<Found> {
  const rows = await db.user.findMany({
    where: { OR: [{ username: { in: ids } }, { id: { in: uuids(ids) } }] },
    select: { id: true, username: true, displayName: true },
  });
  return rows.flatMap(({ id, username, displayName }) => {
    const about = { name: joined(displayName, displayName === username ? null : username), href: null };
    return [
      { ...about, id },
      { ...about, id: username },
    ];
  });
}

async function grants(ids: string[]): Promise<Found> {
  const rows = await db.grant.findMany({
    where: { id: { in: uuids(ids) } },
    select: { id: true, user: { select: { username: true } }, ...named },
  });
  return rows.map(({ id, user, project, environment }) => ({
    id,
    name: joined(user.username, project.key, environment.key),
    href: pathOf("projects", project.key),
  }));
}

async function freezes(ids: string[]): Promise<Found> {
  const rows = await db.freezeWindow.findMany({
    where: { id: { in: uuids(ids) } },
    select: { id: true, reason: true, ...named },
  });
  return rows.map(({ id, reason, project, environment }) => ({
    id,
    name: joined(project?.key, environment.key, reason),
    href: null,
  }));
}

async function templates(ids: string[]): Promise<Found> {
  const rows = await db.template.findMany({
    where: { id: { in: uuids(ids) } },
    select: { id: true, name: true, ...named },
  });
  return rows.map(({ id, name, project, environment }) => ({
    id,
    name: joined(name, project?.key, environment.key),
    href: "/templates",
  }));
}

async function tokens(ids: string[]): Promise<Found> {
  const rows = await db.apiToken.findMany({
    where: { id: { in: uuids(ids) } },
    select: { id: true, name: true, user: { select: { username: true } } },
  });
  return rows.map(({ id, name, user }) => ({ id, name: joined(name, user.username), href: null }));
}

async function waivers(ids: string[]): Promise<Found> {
  const rows = await db.waiver.findMany({
    where: { id: { in: uuids(ids) } },
    select: { id: true, subject: true, component: { select: { key: true } }, ...named },
  });
  return rows.map(({ id, subject, component, project, environment }) => ({
    id,
    name: joined(
      subject,
      component === null ? project.key : `${project.key}/${component.key}`,
      environment.key,
    ),
    href: "/waivers",
  }));
}

async function webhookRules(ids: string[]): Promise<Found> {
  const rows = await db.webhookRule.findMany({
    where: { id: { in: uuids(ids) } },
    select: { id: true, refPattern: true, component: { select: { key: true } }, project: named.project },
  });
  return rows.map(({ id, refPattern, component, project }) => ({
    id,
    name: joined(`${project.key}/${component.key}`, refPattern),
    href: pathOf("projects", project.key),
  }));
}

/** How what an entry is about is found by its id; what is not here has a key that people know already. */
const KINDS: Readonly<Record<string, (ids: string[]) => Promise<Found>>> = {
  release: releases,
  stage: releases,
  component: components,
  config: components,
  project: projects,
  reservation: reservations,
  build: builds,
  plan: plans,
  deployment: deployments,
  artifact: artifacts,
  image_copy: imageCopies,
  user: users,
  grant: grants,
  freeze: freezes,
  template: templates,
  token: tokens,
  waiver: waivers,
  "webhook-rule": webhookRules,
};

/**
 * Names what entries are about, by one query for each kind among them.
 * @returns of an entry what it is about; null where there is no such thing (any more), or its id is its name
 */
export async function nameSubjects(
  entries: readonly { subject: string; subjectId: string }[],
): Promise<(entry: { subject: string; subjectId: string }) => AuditSubject | null> {
  const kinds = new Map<string, Set<string>>();
  for (const { subject, subjectId } of entries) {
    if (!Object.hasOwn(KINDS, subject)) continue;
    const ids = kinds.get(subject) ?? new Set();
    kinds.set(subject, ids.add(subjectId));
  }
  const known = new Map<string, AuditSubject>();
  await Promise.all(
    [...kinds].map(async ([subject, ids]) => {
      const found = (await KINDS[subject]?.([...ids])) ?? [];
      for (const { id, name, href } of found) known.set(`${subject} ${id}`, { name, href });
    }),
  );
  return ({ subject, subjectId }) => known.get(`${subject} ${subjectId}`) ?? null;
}
