import { z } from "zod";
import { type Actor, readableProjects } from "#lib/access/actor.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { RELEASE_STATES } from "#lib/releases/state.ts";
import { knownVersions } from "./known.ts";
import { readPlacements } from "./placements.ts";
import { type BaseImageDto, baseProblemSchema, type PlacedComponentDto } from "./schema.ts";
import { builtOn, componentsOn } from "./standing.ts";

const stateSchema = z.enum(RELEASE_STATES);
/** Versions that are told of each base. */
const SHOWN = 20;

const readBases = () =>
  db.baseImage.findMany({
    orderBy: { key: "asc" },
    include: { registry: { select: { key: true, url: true } }, parent: { select: { key: true } } },
  });

/** `host/repository:tag` */
const referenceOf = ({ registry, repository, tag }: Awaited<ReturnType<typeof readBases>>[number]): string =>
  `${new URL(registry.url).host}/${repository}:${tag}`;

/** All that is known of bases and of what sits on them, of every project. */
export async function readStandings() {
  const [bases, versions, placements, rebuilds] = await Promise.all([
    readBases(),
    knownVersions(db),
    readPlacements(),
    db.baseRebuild.findMany({
      where: { release: { state: { not: "abandoned" } } },
      select: { baseVersionId: true, componentId: true, release: { select: { number: true, state: true } } },
    }),
  ]);
  const facts = {
    versions,
    placements,
    rebuilds: rebuilds.map(({ release, ...rebuild }) => ({
      ...rebuild,
      release: release.number,
      state: stateSchema.parse(release.state),
    })),
  };
  return { versions, bases: bases.map((base) => ({ ...base, on: componentsOn(base, facts) })) };
}
type Standings = Awaited<ReturnType<typeof readStandings>>;
type BaseRow = Standings["bases"][number];
export type PlacedComponent = BaseRow["on"][number];

/** Every base by key, with its versions and the components on it; components of projects that the actor may read. */
export async function listBaseImages(actor: Actor): Promise<{ items: BaseImageDto[]; nextCursor: null }> {
  const standings = await readStandings();
  const items = standings.bases.map((base) => toDto(base, standings, readableProjects(actor)));
  return { items, nextCursor: null };
}

/** @throws AppError NOT_FOUND */
export async function getBaseImage(actor: Actor, key: string): Promise<BaseImageDto> {
  const found = (await listBaseImages(actor)).items.find((base) => base.key === key);
  if (!found) throw new AppError("NOT_FOUND", `no base image ${key}`);
  return found;
}

/** A base with the components on it, of every project. @throws AppError NOT_FOUND */
export async function readStanding(
  key: string,
): Promise<BaseRow & { reference: string; currentId: string | null }> {
  const { bases, versions } = await readStandings();
  const base = bases.find((one) => one.key === key);
  if (!base) throw new AppError("NOT_FOUND", `no base image ${key}`);
  const current = versions.find((one) => one.baseImageId === base.id && one.digest === base.digest);
  return { ...base, reference: referenceOf(base), currentId: current?.id ?? null };
}

function toDto(base: BaseRow, { versions, bases }: Standings, projects: string[] | null): BaseImageDto {
  const visible = base.on.filter(({ placement }) => projects?.includes(placement.projectId) ?? true);
  const onVersion = (digest: string) =>
    base.on.filter((one) => one.sourceBase === digest || one.places.some((place) => place.base === digest));
  return {
    key: base.key,
    name: base.name,
    registry: base.registry.key,
    repository: base.repository,
    tag: base.tag,
    reference: referenceOf(base),
    parent: base.parent?.key ?? null,
    digest: base.digest,
    lookedAt: base.lookedAt?.toISOString() ?? null,
    problem: baseProblemSchema.nullable().parse(base.problem),
    version: base.version,
    builtOn: builtOn(
      base,
      bases.find(({ id }) => id === base.parentId),
      versions,
    ),
    versions: versions
      .filter(({ baseImageId }) => baseImageId === base.id)
      .slice(0, SHOWN)
      .map(({ digest, createdAt, seenAt, layers }) => ({
        digest,
        createdAt: createdAt?.toISOString() ?? null,
        seenAt: seenAt.toISOString(),
        current: digest === base.digest,
        layers: layers[0]?.length ?? 0,
        components: onVersion(digest).length,
      })),
    components: visible
      .map(placedDto)
      .sort((a, b) => Number(a.standing !== "behind") - Number(b.standing !== "behind")),
    hidden: base.on.length - visible.length,
  };
}

export function placedDto({ placement, ...one }: PlacedComponent): PlacedComponentDto {
  const { project, projectName, component, componentName, source } = placement;
  return {
    project,
    projectName,
    component,
    componentName,
    standing: one.standing,
    rebuild: one.rebuild,
    rebuildState: one.rebuildState,
    source: {
      release: source.release,
      commit: source.commit,
      commitSubject: source.commitSubject,
      artifact: source.artifactId,
      base: one.sourceBase,
    },
    places: one.places.map(({ place, base, behind }) => ({
      environment: place.environment,
      release: place.release,
      artifact: place.artifactId,
      base,
      behind,
    })),
  };
}
