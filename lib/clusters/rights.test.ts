import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { ALLOWED_KINDS } from "#lib/templates/policy.ts";
import {
  CLUSTER_RULES,
  clusterManifest,
  missingRights,
  NAMESPACE_RULES,
  namespaceManifest,
  reviewOf,
  rightName,
  rightsOf,
} from "./rights.ts";

const documentSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
const read = (text: string) => {
  const documents = parseAllDocuments(text);
  return (Array.isArray(documents) ? documents : []).map((document) => documentSchema.parse(document.toJS()));
};
const file = async (name: string) =>
  read(await readFile(new URL(`../../deploy/kubernetes/${name}`, import.meta.url), "utf8"));
const USER = "system:serviceaccount:refract:refract";

describe("the rights of the portal's account", () => {
  test("cover the kinds that templates may make, by their names in the API", () => {
    const create = rightsOf(NAMESPACE_RULES)
      .filter(({ verb }) => verb === "create")
      .map(rightName);
    expect(create.sort()).toEqual(
      [
        "create configmaps",
        "create cronjobs.batch",
        "create daemonsets.apps",
        "create deployments.apps",
        "create horizontalpodautoscalers.autoscaling",
        "create ingresses.networking.k8s.io",
        "create jobs.batch",
        "create networkpolicies.networking.k8s.io",
        "create persistentvolumeclaims",
        "create poddisruptionbudgets.policy",
        "create secrets",
        "create serviceaccounts",
        "create services",
        "create statefulsets.apps",
      ].sort(),
    );
    expect(create).toHaveLength(Object.values(ALLOWED_KINDS).flat().length);
  });

  test("never reach beyond: no wildcard, no access control, no exec, no nodes", () => {
    for (const { apiGroups, resources, verbs } of [...NAMESPACE_RULES, ...CLUSTER_RULES]) {
      expect([...apiGroups, ...resources, ...verbs]).not.toContain("*");
      expect(apiGroups).not.toContain("rbac.authorization.k8s.io");
      expect(resources.filter((name) => /exec|attach|portforward|token|nodes/.test(name))).toEqual([]);
      for (const verb of ["escalate", "bind", "impersonate", "deletecollection", "update"])
        expect(verbs).not.toContain(verb);
    }
  });

  test("are those of the files that an administrator applies", async () => {
    expect(await file("target.yaml")).toEqual(read(namespaceManifest({ user: USER })));
    expect(await file("namespaces.yaml")).toEqual(read(clusterManifest(USER)));
    const account = await file("account.yaml");
    const subject = { kind: "ServiceAccount", name: "refract", namespace: "refract" };
    expect(account.find(({ kind }) => kind === subject.kind)?.metadata).toMatchObject({
      name: subject.name,
      namespace: subject.namespace,
    });
    for (const name of ["target.yaml", "namespaces.yaml"]) {
      const [, bound] = await file(name);
      expect(bound?.subjects).toEqual([subject]);
    }
  });

  test("are given to whom the server takes the account for", () => {
    const [role, bound] = read(namespaceManifest({ user: "portal@example.com", namespace: "shop-fat" }));
    expect(role?.metadata.namespace).toBe("shop-fat");
    expect(bound?.subjects).toEqual([
      { kind: "User", name: "portal@example.com", apiGroup: "rbac.authorization.k8s.io" },
    ]);
  });
});

describe("missingRights", () => {
  const given = (rules: readonly { apiGroups: string[]; resources: string[]; verbs: string[] }[]) =>
    rules.map(({ apiGroups, ...rest }) => ({ ...rest, groups: apiGroups, names: [] }));
  const needed = rightsOf(NAMESPACE_RULES);

  test("is nothing with the rules themselves, nor with everything", () => {
    expect(missingRights(given(NAMESPACE_RULES), needed)).toEqual([]);
    expect(missingRights([{ verbs: ["*"], groups: ["*"], resources: ["*"], names: [] }], needed)).toEqual([]);
  });

  test("is exactly the one that was taken away", () => {
    for (const right of needed) {
      const rest = needed
        .filter((other) => other !== right)
        .map(({ verb, group, resource }) => ({
          verbs: [verb],
          groups: [group],
          resources: [resource],
          names: [],
        }));
      expect(missingRights(rest, needed)).toEqual([right]);
    }
  });

  test("a rule for named objects, or for a resource without its subresource, is not enough", () => {
    const log = [{ verb: "get", group: "", resource: "pods/log" }];
    const rule = { verbs: ["get"], groups: [""], names: [] };
    expect(missingRights([{ ...rule, resources: ["pods"] }], log)).toEqual(log);
    expect(missingRights([{ ...rule, resources: ["*/log"] }], log)).toEqual([]);
    expect(missingRights([{ ...rule, resources: ["pods/log"], names: ["one"] }], log)).toEqual(log);
  });

  test("asks for a subresource as the API server wants it", () => {
    expect(reviewOf({ verb: "patch", group: "apps", resource: "deployments/scale" }, "shop-fat")).toEqual({
      verb: "patch",
      group: "apps",
      resource: "deployments",
      subresource: "scale",
      namespace: "shop-fat",
    });
  });
});
