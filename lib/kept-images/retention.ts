import { parseImage } from "#lib/artifacts/image.ts";

/** A rule of a Harbor project's tag retention, as its API takes it. */
export type RetentionRule = {
  disabled: false;
  action: "retain";
  template: "always";
  params: Record<string, never>;
  tag_selectors: { kind: "doublestar"; decoration: "matches"; pattern: string; extras: string }[];
  scope_selectors: { repository: { kind: "doublestar"; decoration: "repoMatches"; pattern: string }[] };
};
export type ProjectRetention = {
  /** Of Harbor, the first part of its repositories' paths. */
  project: string;
  /** Kept images there. */
  images: number;
  repositories: string;
  tags: string;
  rule: RetentionRule;
};
type Kept = { repository: string; digest: string };

/** One of a list of names, as Harbor's selectors have it. */
function pattern(names: Iterable<string>): string {
  const all = [...new Set(names)].toSorted();
  return all.length > 1 ? `{${all.join(",")}}` : (all[0] ?? "**");
}

/** The tags of a digest in a repository, by what was built; a copy has the tag of what it was copied from. Pure. */
export function tagsOf(built: readonly { image: string; digest: string }[]): (kept: Kept) => string[] {
  const tags = Map.groupBy(built, ({ image, digest }) => `${parseImage(image).path}@${digest}`);
  return ({ repository, digest }) =>
    (tags.get(`${repository}@${digest}`) ?? []).map(({ image }) => parseImage(image).tag);
}

/**
 * The rule, for each Harbor project, that retains every kept image of a registry: Harbor selects by names of
 * repositories and tags alone. Images without a tag are retained, too, since a kept one loses its tag when its release
 * order is built again. It retains too much rather than too little. Pure.
 */
export function retentionRules(kept: readonly Kept[], tags: (kept: Kept) => string[]): ProjectRetention[] {
  // Harbor has no repository outside of a project.
  const inProjects = kept.filter(({ repository }) => repository.includes("/"));
  const projects = Map.groupBy(inProjects, ({ repository }) => repository.slice(0, repository.indexOf("/")));
  return [...projects]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([project, images]) => {
      const repositories = pattern(images.map(({ repository }) => repository.slice(project.length + 1)));
      const named = pattern(images.flatMap(tags));
      return {
        project,
        images: images.length,
        repositories,
        tags: named,
        rule: {
          disabled: false,
          action: "retain",
          template: "always",
          params: {},
          tag_selectors: [
            { kind: "doublestar", decoration: "matches", pattern: named, extras: '{"untagged":true}' },
          ],
          scope_selectors: {
            repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: repositories }],
          },
        },
      };
    });
}
