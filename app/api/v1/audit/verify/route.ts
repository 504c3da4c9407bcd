import { verifyAuditApi } from "#lib/audit/api.ts";
import { verifyAudit } from "#lib/audit/queries.ts";
import { route } from "#lib/http/route.ts";

export const GET = route(verifyAuditApi, ({ actor }) => verifyAudit(actor));
