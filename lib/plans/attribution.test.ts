import { describe, expect, test } from "vitest";
import { WEB_TEMPLATE } from "#lib/templates/defaults/web.ts";
import { attributionsOf, type Cause, originTable } from "./attribution.ts";
import { DEFAULT_CONFIG } from "./facts.ts";
import { introduced, type Side } from "./sides.ts";
import { variantsOf } from "./variants.ts";

const place = { project: "shop", environment: "FAT", cluster: "one", namespace: "shop-fat" };
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const li = { person: "李工", at: "2026-11-20T08:00:00.000Z" };
const wang = { person: "王工", at: "2026-11-21T08:00:00.000Z" };
const first: Side = {
  release: "R-1",
  component: {
    key: "api",
    name: "API",
    kind: "service",
    port: 8080,
    image: { image: "r.test/shop/api:R-1", digest: digest("1") },
    config: {
      ...DEFAULT_CONFIG,
      version: 1,
      variables: { GREETING: "hello", OLD: "x" },
      secrets: { KEY: 1 },
    },
    template: { id: "t", name: "web", version: 1, body: WEB_TEMPLATE },
  },
  templateBy: li,
  configs: [],
};
const config = first.component.config ?? DEFAULT_CONFIG;
const withConfig = (change: Partial<typeof config>, configs: Side["configs"] = []): Side => ({
  ...first,
  component: { ...first.component, config: { ...config, version: 2, ...change } },
  configs,
});

const attributionOf = async (now: Side, before: Side | null) =>
  (await attributionsOf([{ place, now, before }]))[0];

/** What a cause says in short. */
const said = (cause: Cause | null): string | null => {
  if (!cause) return null;
  if (cause.source === "config") return `config ${cause.values.map(({ name }) => name).join(" ")}`;
  if (cause.source === "template") return `template v${cause.version} ${cause.person}`;
  return cause.source === "release" ? `release ${cause.number}` : cause.source;
};
const ask = async (now: Side, before: Side | null, ...fields: [object: string, field: string][]) => {
  const causeOf = await attributionOf(now, before);
  expect(causeOf).toBeInstanceOf(Function);
  return fields.map(([object, field]) => said(causeOf?.(object, field, null) ?? null));
};
const pod = (field: string) => `.spec.template${field}`;
const image = pod('.spec.containers[name="app"].image');
const version = ".metadata.labels.app.kubernetes.io/version";
const checksum = pod(".metadata.annotations.refract.dev/config");

describe("where a change comes from, by what was different then", () => {
  test("the image and the release order", async () => {
    const now = {
      ...first,
      release: "R-2",
      component: { ...first.component, image: { image: "r.test/shop/api:R-2", digest: digest("2") } },
    };
    expect(
      await ask(
        now,
        first,
        ["Deployment api", image],
        ["Deployment api", version],
        ["Service api", version],
        ["Deployment api", ".spec.replicas"],
      ),
    ).toEqual(["artifact", "release R-2", "release R-2", null]);
  });

  test("values of the config one by one, with who set each and when; the checksum is of all of them", async () => {
    const now = withConfig(
      { variables: { GREETING: "bye", NEW: "1" }, replicas: 3, memoryLimit: "512Mi", secrets: { KEY: 2 } },
      [
        { version: 2, config: { ...config, version: 2, variables: { GREETING: "bye" } }, by: wang },
        { version: 1, config, by: li },
      ],
    );
    expect(
      await ask(
        now,
        first,
        ["ConfigMap api-config", ".data.GREETING"],
        ["ConfigMap api-config", ".data.NEW"],
        ["ConfigMap api-config", ".data.OLD"],
        ["Deployment api", ".spec.replicas"],
        ["Deployment api", pod('.spec.containers[name="app"].resources.limits.memory')],
        ["Secret api-secrets", ".data.KEY"],
        ["Deployment api", checksum],
        ["ConfigMap api-config", ".data.APP_ENV"],
      ),
    ).toEqual([
      "config GREETING",
      "config NEW",
      "config OLD",
      "config replicas",
      "config memoryLimit",
      "config KEY",
      "config GREETING NEW OLD KEY",
      null,
    ]);
    expect(introduced(now, ({ variables }) => variables.GREETING)).toEqual({ version: 2, ...wang });
    expect(introduced(withConfig({}, now.configs.slice(1)), ({ cpuLimit }) => cpuLimit)).toEqual({
      version: 1,
      ...li,
    });
  });

  test("the template that brings a field, even where a value fills it; a value where the field was there", async () => {
    const body = WEB_TEMPLATE.replace("periodSeconds: 10", "periodSeconds: 20").replace(
      "  revisionHistoryLimit: 5",
      "  revisionHistoryLimit: 5\n  minReadySeconds: {{ replicas }}",
    );
    const template = { id: "t", name: "web", version: 2, body };
    const side = withConfig({ replicas: 4 });
    const now = { ...side, templateBy: wang, component: { ...side.component, template } };
    const probe = pod('.spec.containers[name="app"].livenessProbe');
    expect(
      await ask(
        now,
        first,
        ["Deployment api", `${probe}.periodSeconds`],
        ["Deployment api", probe],
        ["Deployment api", ".spec.minReadySeconds"],
        ["Deployment api", ".spec.replicas"],
      ),
    ).toEqual(["template v2 王工", null, "template v2 王工", "config replicas"]);
  });

  test("only together: two values that one condition asks for", async () => {
    const body = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  on: {{ (variables.A == "1" or variables.B == "1")|string }}\n`;
    const template = { id: "t", name: "own", version: 1, body };
    const side = (variables: Record<string, string>): Side => {
      const base = withConfig({ variables });
      return { ...base, component: { ...base.component, template } };
    };
    const on: [string, string] = ["ConfigMap m", ".data.on"];
    expect(await ask(side({ A: "1", B: "1" }), side({ A: "0", B: "0" }), on)).toEqual(["config A B"]);
  });

  test("nothing of ours: the same rendering then and now", async () => {
    expect(await ask(first, first, ["Deployment api", image], ["Service api", ".spec.clusterIP"])).toEqual([
      null,
      null,
    ]);
  });

  test("an object that the strategy named anew is told as the one behind it", async () => {
    const image2 = { image: "r.test/shop/api:R-2", digest: digest("2") };
    const now = { ...first, component: { ...first.component, image: image2 } };
    const causeOf = await attributionOf(now, first);
    const color = ".spec.selector.matchLabels.color";
    const planned = new Map([
      [image, "x"],
      [color, "green"],
    ]);
    const saidOf = (field: string) => said(causeOf?.("Deployment api-green", field, planned) ?? null);
    expect([saidOf(image), saidOf(color)]).toEqual(["artifact", "config strategy"]);
  });

  test("a field that only the strategy writes", async () => {
    const causeOf = await attributionOf(first, first);
    const planned = new Map([[".spec.strategy.type", "Recreate"]]);
    expect(said(causeOf?.("Deployment other", ".spec.strategy.type", planned) ?? null)).toBe(
      "config strategy",
    );
  });
});

describe("where nothing of ours stands there", () => {
  test("each field is what it depends on, the rest is the template's, and what no manifest says the cluster's", async () => {
    expect(
      await ask(
        first,
        null,
        ["Deployment api", image],
        ["ConfigMap api-config", ".data.GREETING"],
        ["Deployment api", ".spec.replicas"],
        ["Deployment api", version],
        ["Deployment api", ".spec.revisionHistoryLimit"],
        // What only holds others is the template's, whatever is in it.
        ["Deployment api", pod(".spec")],
        ["Deployment api", ".metadata.labels"],
        ["Service api", ".spec.clusterIP"],
      ),
    ).toEqual([
      "artifact",
      "config GREETING",
      "config replicas",
      "release R-1",
      "template v1 李工",
      "template v1 李工",
      "template v1 李工",
      null,
    ]);
  });

  test("a component that nobody configured has the portal's defaults", () => {
    const unset = { ...first, component: { ...first.component, config: DEFAULT_CONFIG } };
    const layers = variantsOf(unset, null).flatMap(({ cause }) =>
      cause.source === "config" ? cause.values.map(({ name, layer }) => [name, layer]) : [],
    );
    expect(layers).toContainEqual(["replicas", "portal"]);
    expect(layers).toContainEqual(["port", "component"]);
  });

  test("many values are tried together: the number of renderings is bounded", () => {
    const variables = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`V${index}`, "x"]));
    const variants = variantsOf(withConfig({ variables }), null);
    expect(variants.length).toBeLessThan(32);
    const names = variants.flatMap(({ cause }) =>
      cause.source === "config" ? cause.values.map(({ name }) => name) : [],
    );
    expect(names).toEqual(expect.arrayContaining(Object.keys(variables)));
  });
});

test("the table of origins has each once", () => {
  const { origins, add } = originTable();
  expect(add({ source: "release", number: "R-1" })).toEqual({ source: "release", origin: 0 });
  expect(add({ source: "cluster", manager: null }).origin).toBe(1);
  expect(add({ source: "release", number: "R-1" }).origin).toBe(0);
  expect(origins).toHaveLength(2);
});
