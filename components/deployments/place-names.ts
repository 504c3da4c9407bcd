type Place = { cluster: string; namespace: string };

/**
 * What the targets of a deployment are called: by their cluster, and with the namespace where one cluster holds several
 * of them.
 */
export function placeNames(targets: readonly Place[]): (of: Place) => string {
  const count = (cluster: string) => targets.filter((target) => target.cluster === cluster).length;
  const several = new Set(targets.map(({ cluster }) => cluster).filter((cluster) => count(cluster) > 1));
  return ({ cluster, namespace }) => (several.has(cluster) ? `${cluster}/${namespace}` : cluster);
}
