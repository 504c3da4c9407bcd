import { decidePlanApi } from "#lib/approvals/api.ts";
import { decidePlan } from "#lib/approvals/service.ts";
import { route } from "#lib/http/route.ts";

export const POST = route(decidePlanApi, ({ actor, params, body }) =>
  decidePlan({ actor, digest: params.digest, ...body }),
);
