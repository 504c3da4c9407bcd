import { parseImage } from "#lib/plans/image-name.ts";
import { KEEP_REASONS, type Reason } from "./reason-schema.ts";

/** One use of an image: what for, and where it is pulled from (`host/path:tag`). */
export type ImageUse = Reason & { image: string; digest: string };
/** Where the same image of the same component is, too: where it was pushed, and where it was copied. */
export type ImagePlace = {
  project: string;
  component: string;
  digest: string;
  registryId: string;
  repository: string;
};
export type KeptPlace = { registryId: string; repository: string; digest: string; reasons: Reason[] };

/**
 * The images that no cleanup may delete, each with everything that needs it, in a fixed order: at whatever place the
 * image is, as a copy is made anew from where it was pushed. Images of hosts that are not registered are left out, as
 * nobody here could tell their registry. Pure.
 * @param registries `host` with its port, as image references begin
 */
export function wantedImages(
  uses: readonly ImageUse[],
  places: readonly ImagePlace[],
  registries: readonly { id: string; host: string }[],
): KeptPlace[] {
  const byHost = new Map(registries.map(({ id, host }) => [host, id]));
  const others = Map.groupBy(places, placeKey);
  const kept = new Map<string, { place: Omit<KeptPlace, "reasons">; reasons: Map<string, Reason> }>();
  for (const { image, digest, ...reason } of uses) {
    const { host, path } = parseImage(image);
    const registryId = byHost.get(host);
    const own = registryId === undefined ? [] : [{ registryId, repository: path }];
    for (const { registryId: id, repository } of [
      ...own,
      ...(others.get(placeKey({ ...reason, digest })) ?? []),
    ]) {
      const key = `${id} ${repository} ${digest}`;
      const entry = kept.get(key) ?? { place: { registryId: id, repository, digest }, reasons: new Map() };
      entry.reasons.set(reasonKey(reason), reason);
      kept.set(key, entry);
    }
  }
  return [...kept.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { place, reasons }]) => ({ ...place, reasons: [...reasons.values()].sort(compareReasons) }));
}

const placeKey = ({ project, component, digest }: Pick<ImagePlace, "project" | "component" | "digest">) =>
  `${project} ${component} ${digest}`;
const reasonKey = ({ reason, project, component, environment, release }: Reason) =>
  [KEEP_REASONS.indexOf(reason), project, component, environment ?? "", release].join(" ");
const compareReasons = (a: Reason, b: Reason) => (reasonKey(a) < reasonKey(b) ? -1 : 1);
