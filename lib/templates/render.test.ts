import { describe, expect, test } from "vitest";
import { renderContext } from "./context.ts";
import { WEB_TEMPLATE } from "./defaults/web.ts";
import { parseOutput } from "./output.ts";
import { checkPolicy } from "./policy.ts";
import { renderAll } from "./render.ts";

const context = (variables: Record<string, string> = {}, secrets: Record<string, number> = {}) =>
  renderContext({
    project: "shop",
    component: { key: "api", name: "API", kind: "service", port: 8080 },
    environment: "FAT",
    release: "R-1",
    image: "registry.example.com/shop/api@sha256:1",
    config: {
      replicas: 2,
      cpuRequest: "50m",
      cpuLimit: "1",
      memoryRequest: "64Mi",
      memoryLimit: "128Mi",
      variables,
      secrets,
    },
    configChecksum: "c0ffee",
    target: { cluster: "one", namespace: "shop-fat" },
  });
const render = async (source: string, variables = {}, secrets = {}) => {
  const [result] = await renderAll([{ source, context: context(variables, secrets) }]);
  if (!result) throw new Error("no result");
  return result;
};

describe("the default template", () => {
  test("renders objects that the policy accepts, with and without secrets", async () => {
    for (const secrets of [{}, { DB_PASSWORD: 1 }]) {
      const result = await render(WEB_TEMPLATE, { GREETING: "hello", PORT: "1" }, secrets);
      const { manifests, problems } = parseOutput(result.ok ? result.text : "");
      expect(problems).toEqual([]);
      expect(manifests.map(({ kind }) => kind)).toEqual(["ConfigMap", "Service", "Deployment"]);
      expect(checkPolicy(manifests, { namespace: "shop-fat", reserved: ["api-secrets"] })).toEqual([]);
      expect(JSON.stringify(manifests).includes("api-secrets")).toBe("DB_PASSWORD" in secrets);
      expect(manifests[0]?.data).toEqual({ APP_ENV: "FAT", GREETING: "hello" });
    }
  });

  test("keeps every value a value, whatever is in it", async () => {
    const nasty = {
      LINES: "a\nb: c\n---\nkind: ClusterRole",
      QUOTE: `"'{{ image }}`,
      BOOL: "yes",
      TAG: "!!js/function x",
      ALIAS: "*a &b",
      CONTROL: "\u0001\u2028\u0085",
    };
    const result = await render(WEB_TEMPLATE, nasty);
    const { manifests, problems } = parseOutput(result.ok ? result.text : "");
    expect(problems).toEqual([]);
    expect(manifests).toHaveLength(3);
    expect(manifests[0]?.data).toEqual({ APP_ENV: "FAT", ...nasty });
  });
});

describe("a hostile or broken template", () => {
  test.each([
    ["a: 1\n\nb: {{ nope }}", 3, /undefined/],
    ["a: {{ component.key.constructor.constructor }}", 1, /undefined/],
    ["{% for i in range(9000) %}{% for j in range(9000) %}x{% endfor %}{% endfor %}", 1, /fuel/],
    ["{% include '/etc/passwd' %}", 1, /not found/],
    ["{{ process.env }}", 1, /undefined/],
    ["\n{% if %}", 2, /syntax error/],
    ["{% set x = 'a' * 1000 %}{% for i in range(2000) %}{{ x }}{% endfor %}", null, /1 MiB/],
  ])("%s ends with its line", async (source, line, message) => {
    const result = await render(source);
    expect(result).toMatchObject({ ok: false, line });
    expect(result.ok ? "" : result.message).toMatch(message);
  });

  test("does not stop the ones after it", async () => {
    const results = await renderAll([
      { source: "{{ nope }}", context: context() },
      { source: "{{ project }}", context: context() },
    ]);
    expect(results[1]).toEqual({ ok: true, text: '"shop"' });
  });
});

describe("rendered text", () => {
  test.each([
    ["a: [1", "YAML_INVALID"],
    ["a: 1\na: 2", "YAML_INVALID"],
    ["just text", "OBJECT_INVALID"],
    ["apiVersion: v1\nkind: ConfigMap", "OBJECT_INVALID"],
  ])("%j is refused", (text, code) => {
    expect(parseOutput(text).problems.map((problem) => problem.code)).toContain(code);
  });

  test("cannot blow up by aliases", () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) =>
        `a${n}: &a${n} [${
          n
            ? Array(9)
                .fill(`*a${n - 1}`)
                .join(",")
            : "x"
        }]`,
    );
    expect(parseOutput(levels.join("\n")).problems[0]?.code).toBe("YAML_INVALID");
  });

  test("names the line of the second document", () => {
    const { problems } = parseOutput("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\nkind: 1\n");
    expect(problems).toMatchObject([{ code: "OBJECT_INVALID", line: 6 }]);
  });
});

describe("policy", () => {
  const metadata = { name: "api" };
  const pod = (spec: object) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: { template: { spec } },
  });
  test.each([
    ["KIND_NOT_ALLOWED", { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata }],
    ["KIND_NOT_ALLOWED", { apiVersion: "v1", kind: "Namespace", metadata }],
    [
      "NAMESPACE_FOREIGN",
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "api", namespace: "kube-system" } },
    ],
    ["NAME_INVALID", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "Not/A/Name" } }],
    ["SECRET_LITERAL", { apiVersion: "v1", kind: "Secret", metadata, stringData: { a: "b" } }],
    ["SECRET_RESERVED", { apiVersion: "v1", kind: "Secret", metadata: { name: "api-secrets" } }],
    [
      "OBJECT_TOO_LARGE",
      { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "字".repeat(350_000) } },
    ],
    ["POD_NOT_ALLOWED", pod({ hostNetwork: true })],
    ["POD_NOT_ALLOWED", pod({ volumes: [{ hostPath: { path: "/" } }] })],
    ["POD_NOT_ALLOWED", pod({ containers: [{ securityContext: { privileged: true } }] })],
  ])("%s", (code, manifest) => {
    const found = checkPolicy([manifest], { namespace: "shop-fat", reserved: ["api-secrets"] });
    expect(found.map((problem) => problem.code)).toEqual([code]);
  });

  test("one object twice", () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata };
    expect(checkPolicy([map, map], { namespace: "n", reserved: [] })[0]?.code).toBe("OBJECT_TWICE");
  });
});
