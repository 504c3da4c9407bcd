/** Everything that a template can name. Secret values are not among it: only their Secret's name is. */
export type RenderContext = {
  project: string;
  component: { key: string; name: string; kind: string; port: number };
  environment: string;
  release: { number: string };
  /** `<registry>/<path>@sha256:…` */
  image: string;
  replicas: number;
  resources: { requests: { cpu: string; memory: string }; limits: { cpu: string; memory: string } };
  variables: Record<string, string>;
  /** Names of the variables in the Secret; values and versions are not given. */
  secrets: string[];
  /** Name of the Secret that the portal keeps for this component; null when there are no secrets. */
  secretName: string | null;
  /** Changes with every variable and every secret's version: as a pod annotation it rolls the pods. */
  configChecksum: string;
  target: { cluster: string; namespace: string };
};

export type ContextInput = {
  project: string;
  component: RenderContext["component"];
  environment: string;
  release: string;
  image: string;
  config: {
    replicas: number;
    cpuRequest: string;
    cpuLimit: string;
    memoryRequest: string;
    memoryLimit: string;
    variables: Record<string, string>;
    secrets: Record<string, number>;
  };
  configChecksum: string;
  target: { cluster: string; namespace: string };
};

/** Name of the Secret that holds a component's secret variables. */
export const secretNameOf = (component: string): string => `${component}-secrets`;

export function renderContext(input: ContextInput): RenderContext {
  const { config } = input;
  const secrets = Object.keys(config.secrets).sort();
  return {
    project: input.project,
    component: input.component,
    environment: input.environment,
    release: { number: input.release },
    image: input.image,
    replicas: config.replicas,
    resources: {
      requests: { cpu: config.cpuRequest, memory: config.memoryRequest },
      limits: { cpu: config.cpuLimit, memory: config.memoryLimit },
    },
    variables: config.variables,
    secrets,
    secretName: secrets.length > 0 ? secretNameOf(input.component.key) : null,
    configChecksum: input.configChecksum,
    target: input.target,
  };
}
