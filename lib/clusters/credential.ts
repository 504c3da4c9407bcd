import { splitKubeconfig } from "#lib/adapters/kubernetes/kubeconfig.ts";
import { refuseForeignServer } from "#lib/connections/refuse.ts";
import { AdapterError, AppError } from "#lib/errors.ts";

export type Credential = { server: string; kubeconfig: string };

const refuse = (message: string): never => {
  const facts = { reason: message };
  const blockers = [{ code: "KUBECONFIG_REFUSED", message, facts, liftedBy: ["admin"] }];
  throw new AppError("INVALID_INPUT", message, { blockers });
};

function contextOf({ kubeconfig, context }: { kubeconfig: string; context?: string }): Credential {
  try {
    const contexts = splitKubeconfig(kubeconfig);
    const [first, ...others] = contexts;
    if (!context && others.length > 0) return refuse("the kubeconfig has several contexts: name one");
    const chosen = context ? contexts.find(({ name }) => name === context) : first;
    return chosen ?? refuse(`the kubeconfig has no context ${context ?? ""}`);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return refuse(error.message);
  }
}

/**
 * The chosen context of a kubeconfig, with nothing of the others in it.
 * @throws AppError INVALID_INPUT with the blocker KUBECONFIG_REFUSED (programs, files, a proxy, no such context) or
 * CLUSTER_NETWORK_REFUSED (its server is where clusters may not be)
 */
export async function readCredential(input: { kubeconfig: string; context?: string }): Promise<Credential> {
  const { server, kubeconfig } = contextOf(input);
  await refuseForeignServer("cluster", server);
  return { server, kubeconfig };
}
