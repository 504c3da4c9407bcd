import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import type { SearchResult } from "./schema.ts";

const LIMIT = 6;
const path = (...parts: string[]) => `/${parts.map(encodeURIComponent).join("/")}`;
const toRelease = (number: string) => path("releases", number);

/** A commit's or digest's beginning: hexadecimal, long enough not to mean half of everything. */
function hexOf(text: string): string | null {
  const hex = text.toLowerCase().replace(/^sha256:/, "");
  return /^[0-9a-f]{6,64}$/.test(hex) ? hex : null;
}

/** Release orders: the start of a number goes by its index, the rest is looked for in the newest of a few projects. */
async function releases(text: string, projects: { projectId?: { in: string[] } }): Promise<SearchResult[]> {
  const rows = await db.release.findMany({
    where: {
      ...projects,
      OR: [
        { number: { startsWith: text } },
        { number: { contains: text, mode: "insensitive" } },
        { title: { contains: text, mode: "insensitive" } },
      ],
    },
    orderBy: { id: "desc" },
    take: LIMIT,
    select: { number: true, title: true },
  });
  return rows.map(({ number, title }) => ({
    group: "numbers",
    label: number,
    hint: title,
    href: toRelease(number),
  }));
}

async function items(hex: string, projects: { projectId?: { in: string[] } }): Promise<SearchResult[]> {
  const [artifacts, commits] = await Promise.all([
    db.artifact.findMany({
      where: { digest: { startsWith: `sha256:${hex}` }, item: { release: projects } },
      orderBy: { id: "desc" },
      take: LIMIT,
      select: {
        id: true,
        digest: true,
        item: { select: { component: { select: { key: true } }, release: { select: { number: true } } } },
      },
    }),
    hex.length > 40
      ? []
      : db.releaseItem.findMany({
          where: { commit: { startsWith: hex }, release: projects },
          orderBy: { id: "desc" },
          take: LIMIT,
          select: {
            commit: true,
            commitSubject: true,
            component: { select: { key: true } },
            release: { select: { number: true } },
          },
        }),
  ]);
  return [
    ...artifacts.map(({ id, digest, item }) => ({
      group: "numbers" as const,
      label: `${digest.slice(0, 19)}…`,
      hint: `${item.component.key} · ${item.release.number}`,
      href: path("artifacts", id),
    })),
    ...commits.map(({ commit, commitSubject, component, release }) => ({
      group: "numbers" as const,
      label: (commit ?? "").slice(0, 10),
      hint: [component.key, release.number, commitSubject].filter(Boolean).join(" · "),
      href: toRelease(release.number),
    })),
  ];
}

async function catalog(text: string, ids: string[] | null): Promise<SearchResult[]> {
  const like = { contains: text, mode: "insensitive" as const };
  const named = { OR: [{ key: like }, { name: like }] };
  const [projects, components] = await Promise.all([
    db.project.findMany({
      where: { ...named, ...(ids ? { id: { in: ids } } : {}) },
      orderBy: { key: "asc" },
      take: LIMIT,
      select: { key: true, name: true },
    }),
    db.component.findMany({
      where: { ...named, archivedAt: null, ...(ids ? { projectId: { in: ids } } : {}) },
      orderBy: { key: "asc" },
      take: LIMIT,
      select: { key: true, name: true, project: { select: { key: true, name: true } } },
    }),
  ]);
  return [
    ...projects.map(({ key, name }) => ({
      group: "projects" as const,
      label: name,
      hint: key,
      href: path("projects", key),
    })),
    ...components.map(({ key, name, project }) => ({
      group: "projects" as const,
      label: key,
      hint: `${name} · ${project.name}`,
      href: path("projects", project.key, "components", key),
    })),
  ];
}

/** What a text may mean, among what the reader may read; a few of each kind. */
export async function search(actor: Actor, text: string): Promise<{ items: SearchResult[] }> {
  const ids = readableProjects(actor);
  const projects = ids ? { projectId: { in: ids } } : {};
  const hex = hexOf(text);
  const found = await Promise.all([
    hex ? items(hex, projects) : [],
    releases(text, projects),
    catalog(text, ids),
  ]);
  return { items: found.flat() };
}
