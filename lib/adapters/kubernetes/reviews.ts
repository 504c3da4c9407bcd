import { z } from "zod";
import type { CallOptions, Cluster } from "../ports.ts";
import { parseJson } from "./objects.ts";
import type { KubeAnswer, KubeRequest } from "./transport.ts";

const accessSchema = z.object({ status: z.object({ allowed: z.boolean() }) });
const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const rulesSchema = z.object({
  status: z.object({
    incomplete: z.boolean().default(false),
    resourceRules: z
      .array(z.object({ verbs: texts, apiGroups: texts, resources: texts, resourceNames: texts }))
      .nullish(),
  }),
});
const selfSchema = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) });

/** Questions about the account itself. They are asked by creating an object that is never stored. */
export function createReviews(
  ask: (request: KubeRequest) => Promise<KubeAnswer>,
): Pick<Cluster, "reviewAccess" | "reviewRules" | "whoAmI"> {
  const review = async <Answer>(
    input: { what: string; group: string; kind: string; spec?: unknown; schema: z.ZodType<Answer> },
    options: CallOptions,
  ): Promise<Answer> => {
    const { what, group, kind, spec, schema } = input;
    const path = `/apis/${group}/v1/${kind.toLowerCase()}s`;
    const body = { apiVersion: `${group}/v1`, kind, ...(spec === undefined ? {} : { spec }) };
    const { signal } = options;
    const answer = await ask({ what, method: "POST", path, body, signal, repeatable: true });
    return parseJson(what, answer.body, schema);
  };
  const group = "authorization.k8s.io";
  return {
    async reviewAccess({ namespace, verb, group: of, resource, subresource }, options = {}) {
      const what = `may I ${verb} ${resource}`;
      const spec = { resourceAttributes: { namespace, verb, group: of, resource, subresource } };
      const kind = "SelfSubjectAccessReview";
      return (await review({ what, group, kind, spec, schema: accessSchema }, options)).status.allowed;
    },
    async reviewRules(namespace, options = {}) {
      const what = `what may I in ${namespace}`;
      const kind = "SelfSubjectRulesReview";
      const { status } = await review(
        { what, group, kind, spec: { namespace }, schema: rulesSchema },
        options,
      );
      const rules = (status.resourceRules ?? []).map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        groups: apiGroups,
        resources,
        names: resourceNames,
      }));
      return { rules, incomplete: status.incomplete };
    },
    async whoAmI(options = {}) {
      const own = { group: "authentication.k8s.io", kind: "SelfSubjectReview", schema: selfSchema };
      return (await review({ what: "who am I", ...own }, options)).status.userInfo.username;
    },
  };
}
