import { COLOR_LABEL, type Color, coloredName, PREVIEW_LABEL, previewName } from "./labels.ts";
import {
  belongsTo,
  budgetSpec,
  deploymentSpec,
  guards,
  type Manifest,
  scalerSpec,
  scales,
  serviceSpec,
} from "./shapes.ts";

/** A Deployment under its colour's name, with the colour in its labels, its selector and its pods. Pure. */
export function colored(deployment: Manifest, color: Color): Manifest {
  const spec = deploymentSpec(deployment);
  if (!spec) return deployment;
  const mark = { [COLOR_LABEL]: color };
  const { metadata, ...pod } = spec.template;
  return {
    ...deployment,
    metadata: {
      ...deployment.metadata,
      name: coloredName(deployment.metadata.name, color),
      labels: { ...deployment.metadata.labels, ...mark },
    },
    spec: {
      ...spec,
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, ...mark } },
      template: { ...pod, metadata: { ...metadata, labels: { ...metadata?.labels, ...mark } } },
    },
  };
}

/** A Service, autoscaler or disruption budget of a plain Deployment, as it follows the colour. Pure. */
export function following(manifest: Manifest, deployment: Manifest, color: Color): Manifest {
  const mark = { [COLOR_LABEL]: color };
  const service = serviceSpec(manifest);
  if (service && belongsTo(manifest, deployment)) {
    return { ...manifest, spec: { ...service, selector: { ...service.selector, ...mark } } };
  }
  const scaler = scalerSpec(manifest);
  if (scaler && scales(manifest, deployment)) {
    const name = coloredName(deployment.metadata.name, color);
    return { ...manifest, spec: { ...scaler, scaleTargetRef: { ...scaler.scaleTargetRef, name } } };
  }
  const budget = budgetSpec(manifest);
  if (budget && guards(manifest, deployment)) {
    const matchLabels = { ...budget.selector.matchLabels, ...mark };
    return { ...manifest, spec: { ...budget, selector: { ...budget.selector, matchLabels } } };
  }
  return manifest;
}

/** What only the Service that people use may ask for: an address of its own. */
const ADDRESS = [
  "type",
  "clusterIP",
  "clusterIPs",
  "externalIPs",
  "externalName",
  "externalTrafficPolicy",
  "healthCheckNodePort",
  "loadBalancerClass",
  "loadBalancerIP",
  "loadBalancerSourceRanges",
  "allocateLoadBalancerNodePorts",
  "sessionAffinity",
  "sessionAffinityConfig",
];

const MAX_SERVICE_NAME = 63;

/**
 * A Service inside the cluster through which the new colour is reached before the traffic is switched. Pure.
 * @returns null where the Service itself is reached otherwise, or its name leaves no room
 */
export function previewOf(service: Manifest): Manifest | null {
  const spec = serviceSpec(service);
  const name = previewName(service.metadata.name);
  if (!spec || spec.clusterIP === "None" || spec.type === "ExternalName") return null;
  if (name.length > MAX_SERVICE_NAME) return null;
  const { ports, ...rest } = spec;
  const kept = Object.entries(rest).filter(([name]) => !ADDRESS.includes(name));
  const plain = Array.isArray(ports)
    ? ports.map(({ nodePort: _taken, ...port }: Record<string, unknown>) => port)
    : ports;
  const { annotations: _public, ...metadata } = service.metadata;
  return {
    ...service,
    metadata: { ...metadata, name, labels: { ...metadata.labels, [PREVIEW_LABEL]: "true" } },
    spec: { ...Object.fromEntries(kept), ports: plain },
  };
}
