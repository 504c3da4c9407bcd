import { CANARY, canaryName, TRACK_LABEL } from "./labels.ts";
import { deploymentSpec, type Manifest } from "./shapes.ts";

/**
 * The small Deployment that stands beside `stable`: the same pods, told apart by one label. The Service's selector
 * takes both; the stable one's own ReplicaSets do not take the canary's pods. Pure.
 */
export function canaryOf(stable: Manifest, replicas: number): Manifest {
  const spec = deploymentSpec(stable);
  if (!spec) return stable;
  const track = { [TRACK_LABEL]: CANARY };
  const { metadata, ...pod } = spec.template;
  return {
    ...stable,
    metadata: {
      ...stable.metadata,
      name: canaryName(stable.metadata.name),
      labels: { ...stable.metadata.labels, ...track },
    },
    spec: {
      ...spec,
      replicas,
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, ...track } },
      template: { ...pod, metadata: { ...metadata, labels: { ...metadata?.labels, ...track } } },
    },
  };
}
