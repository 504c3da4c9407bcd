import type { Origin } from "./content.ts";
import type { ConfigFacts } from "./facts.ts";
import { introduced, type Side } from "./sides.ts";

type ConfigValue = Extract<Origin, { source: "config" }>["values"][number];
/** One thing that a rendering depends on, and the rendering's facts with that thing alone put back or changed. */
export type Variant = { cause: Exclude<Origin, { source: "cluster" }>; side: Side };

/** Config values that are tried one by one; more of them are tried together. */
const ONE_BY_ONE = 24;
const NUMBERS = ["replicas", "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit"] as const;
/** Another value of the same shape: what depends on it comes out differently. */
const other = {
  text: (value: string) => `${value}~`,
  digest: `sha256:${"e".repeat(64)}`,
  number: (value: number) => value + 1,
};

/** A value of the config: how it is read, and how it is put into another config. */
type Value = {
  name: string;
  read: (config: ConfigFacts) => unknown;
  put: (config: ConfigFacts, from: ConfigFacts | null) => ConfigFacts;
};

function valuesOf(now: ConfigFacts, before: ConfigFacts | null): Value[] {
  const names = (of: (config: ConfigFacts) => object) =>
    [...new Set([...Object.keys(of(now)), ...Object.keys(before ? of(before) : {})])].sort();
  return [
    ...NUMBERS.map((name): Value => {
      const changed = (config: ConfigFacts) =>
        name === "replicas" ? other.number(config.replicas) : other.text(config[name]);
      return {
        name,
        read: (config) => config[name],
        put: (config, from) => ({ ...config, [name]: from ? from[name] : changed(config) }),
      };
    }),
    ...names(({ variables }) => variables).map(
      (name): Value => ({
        name,
        read: ({ variables }) => variables[name],
        put: (config, from) => ({
          ...config,
          variables: swapped(config.variables, name, from ? from.variables[name] : undefined, (value) =>
            from ? undefined : other.text(value),
          ),
        }),
      }),
    ),
    ...names(({ secrets }) => secrets).map(
      (name): Value => ({
        name,
        read: ({ secrets }) => secrets[name],
        put: (config, from) => ({
          ...config,
          secrets: swapped(config.secrets, name, from ? from.secrets[name] : undefined, (value) =>
            from ? undefined : other.number(value),
          ),
        }),
      }),
    ),
  ];
}

/** A record with one member set to what it was; without one, to what `make` makes of it (undefined: left out). */
function swapped<Member>(
  record: Record<string, Member>,
  name: string,
  was: Member | undefined,
  make: (now: Member) => Member | undefined,
): Record<string, Member> {
  const { [name]: now, ...rest } = record;
  const value = was ?? (now === undefined ? undefined : make(now));
  return value === undefined ? rest : { ...rest, [name]: value };
}

const withConfig = (side: Side, config: ConfigFacts): Side => ({
  ...side,
  component: { ...side.component, config },
});

function configVariants(now: Side, before: Side | null): Variant[] {
  const { config } = now.component;
  const from = before?.component.config ?? null;
  if (!config) return [];
  const values = valuesOf(config, from).filter(
    ({ read }) => from === null || JSON.stringify(read(config)) !== JSON.stringify(read(from)),
  );
  const size = Math.max(1, Math.ceil(values.length / ONE_BY_ONE));
  const groups = Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
  return groups.map(
    (group): Variant => ({
      cause: {
        source: "config",
        component: now.component.key,
        values: group.map(({ name, read }): ConfigValue => {
          const layer = config.version === 0 ? "portal" : "environment";
          return { name, layer, ...introduced(now, read) };
        }),
      },
      side: withConfig(
        now,
        group.reduce((changed, { put }) => put(changed, from), config),
      ),
    }),
  );
}

function componentVariants(now: Side, before: Side | null): Variant[] {
  const { component } = now;
  const changes = [
    {
      name: "name",
      differs: before?.component.name !== component.name,
      to: { name: before?.component.name ?? other.text(component.name) },
    },
    {
      name: "kind",
      differs: before?.component.kind !== component.kind,
      to: { kind: before?.component.kind ?? other.text(component.kind) },
    },
    {
      name: "port",
      differs: before?.component.port !== component.port,
      to: { port: before?.component.port ?? other.number(component.port) },
    },
  ];
  return changes
    .filter(({ differs }) => differs)
    .map(
      ({ name, to }): Variant => ({
        cause: {
          source: "config",
          component: component.key,
          values: [{ name, layer: "component", version: null, person: null, at: null }],
        },
        side: { ...now, component: { ...component, ...to } },
      }),
    );
}

/**
 * The renderings that tell where a change comes from: with everything as it is now but for one thing. Pure.
 * @param before what stands there now was rendered from; null where nothing of ours does: then each thing is made
 * different, which tells what depends on it
 */
export function variantsOf(now: Side, before: Side | null): Variant[] {
  const { component, release } = now;
  const variants: Variant[] = [];
  const was = before?.component;
  const { image, template, key } = component;
  if (image && was?.image?.digest !== image.digest) {
    variants.push({
      cause: { source: "artifact", component: key, image: image.image, digest: image.digest },
      side: {
        ...now,
        component: { ...component, image: was?.image ?? { ...image, digest: other.digest } },
      },
    });
  }
  variants.push(...configVariants(now, before), ...componentVariants(now, before));
  if (before?.release !== release) {
    variants.push({
      cause: { source: "release", number: release },
      side: { ...now, release: before?.release ?? other.text(release) },
    });
  }
  if (template && was?.template && was.template.body !== template.body) {
    variants.push({
      cause: templateCause(now),
      side: { ...now, component: { ...component, template: was.template } },
    });
  }
  return variants;
}

/** The template as a cause of what nothing else explains. */
export const templateCause = ({ component, templateBy }: Side): Extract<Origin, { source: "template" }> => ({
  source: "template",
  component: component.key,
  name: component.template?.name ?? "",
  version: component.template?.version ?? 0,
  ...templateBy,
});
