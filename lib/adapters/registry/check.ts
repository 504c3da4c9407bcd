import { AdapterError } from "#lib/errors.ts";
import { isLoopback } from "../loopback.ts";
import type { CallOptions, RegistryFinding } from "../ports.ts";
import type { RegistryConfig } from "./config.ts";
import type { Session } from "./session.ts";

const CREDENTIAL = new Set(["unauthorized", "forbidden"]);

/** Whether the registry answers, speaks the distribution API and lets us in. Never throws AdapterError. */
export async function checkDistribution(
  session: Session,
  config: RegistryConfig,
  options?: CallOptions,
): Promise<RegistryFinding[]> {
  try {
    const answer = await session.call({ method: "GET", path: "/v2/", repository: "" }, options);
    if (!answer) {
      const message = `${session.what} answers, but not as a registry (no /v2/)`;
      return [
        {
          code: "REGISTRY_REACHABLE",
          ok: false,
          message,
          fix: "check the address: host and port alone, no path",
          facts: { host: session.host, reason: "no_registry", detail: "" },
        },
      ];
    }
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const refused = CREDENTIAL.has(error.failure);
    const { host } = session;
    const account = config.credentials?.username ?? "";
    const facts = { host, account, reason: error.failure, detail: error.message };
    const answers = {
      code: "REGISTRY_REACHABLE",
      ok: true,
      message: `${session.what} answers`,
      facts: { host },
    };
    return [
      ...(refused ? [answers] : []),
      {
        facts,
        code: refused ? "REGISTRY_CREDENTIAL" : "REGISTRY_REACHABLE",
        ok: false,
        message: error.message,
        fix: refused
          ? "give a user name and password (or robot account) that may read and push"
          : "check the address, the network and the certificate",
      },
    ];
  }
  const as = config.credentials ? `lets ${config.credentials.username} in` : "lets anybody in";
  const { username: account } = config.credentials ?? { username: "" };
  const facts = { host: session.host, account, anonymous: config.credentials ? 0 : 1 };
  const plain = new URL(config.url).protocol === "http:" && config.credentials !== undefined;
  return [
    { code: "REGISTRY_REACHABLE", ok: true, message: `${session.what} answers`, facts },
    { code: "REGISTRY_CREDENTIAL", ok: true, message: `${session.what} ${as}`, facts },
    ...(plain && !isLoopback(new URL(config.url).hostname)
      ? [
          {
            code: "REGISTRY_ENCRYPTED",
            ok: false,
            message: "the password goes over the network unencrypted",
            facts: { host: session.host },
            fix: "use https",
          },
        ]
      : []),
  ];
}
