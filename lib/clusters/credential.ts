import { splitKubeconfig } from "#lib/adapters/kubernetes/kubeconfig.ts";
import { clusterNetworks } from "#lib/connections/connect.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { refuseResolvedServer } from "./networks.ts";

export type Credential = { server: string; kubeconfig: string };

const refuse = (
  code: "KUBECONFIG_REFUSED" | "CLUSTER_NETWORK_REFUSED",
  message: string,
  facts = {},
): never => {
  const blockers = [{ code, message, facts: { reason: message, ...facts }, liftedBy: ["admin"] }];
  throw new AppError("INVALID_INPUT", message, { blockers });
};

function contextOf({ kubeconfig, context }: { kubeconfig: string; context?: string }): Credential {
  try {
    const contexts = splitKubeconfig(kubeconfig);
    const [first, ...others] = contexts;
    if (!context && others.length > 0)
      return refuse("KUBECONFIG_REFUSED", "the kubeconfig has several contexts: name one");
    const chosen = context ? contexts.find(({ name }) => name === context) : first;
    return chosen ?? refuse("KUBECONFIG_REFUSED", `the kubeconfig has no context ${context ?? ""}`);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return refuse("KUBECONFIG_REFUSED", error.message);
  }
}

/**
 * The chosen context of a kubeconfig, with nothing of the others in it.
 * @throws AppError INVALID_INPUT with the blocker KUBECONFIG_REFUSED (programs, files, a proxy, no such context) or
 * CLUSTER_NETWORK_REFUSED (its server is where clusters may not be)
 */
export async function readCredential(input: { kubeconfig: string; context?: string }): Promise<Credential> {
  const { server, kubeconfig } = contextOf(input);
  await refuseForeignServer(server);
  return { server, kubeconfig };
}

/** @throws AppError INVALID_INPUT with the blocker CLUSTER_NETWORK_REFUSED when a server is where none may be */
export async function refuseForeignServer(server: string): Promise<void> {
  try {
    await refuseResolvedServer(clusterNetworks(), server);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    refuse("CLUSTER_NETWORK_REFUSED", error.message, { server });
  }
}
