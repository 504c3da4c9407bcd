import { listAuditApi } from "#lib/audit/api.ts";
import { listAudit } from "#lib/audit/queries.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(listAuditApi, ({ actor, query }) => listAudit(actor, query));
