import { gitHost } from "#lib/adapters/git/remote.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import { refuseResolvedServer } from "./networks.ts";
import { clusterNetworks, serverNetworks } from "./where.ts";

const KINDS = {
  cluster: { code: "CLUSTER_NETWORK_REFUSED", networks: clusterNetworks },
  server: { code: "SERVER_NETWORK_REFUSED", networks: serverNetworks },
};

/**
 * Refuses an address that is to be kept, asking DNS where it is a name.
 * @param kind `cluster`: also the Prometheus of a project; `server`: a Git host, a build server or a registry
 * @throws AppError INVALID_INPUT with the blocker CLUSTER_NETWORK_REFUSED or SERVER_NETWORK_REFUSED
 */
export async function refuseForeignServer(kind: keyof typeof KINDS, server: string): Promise<void> {
  const { code, networks } = KINDS[kind];
  try {
    await refuseResolvedServer(networks(), server);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const { message } = error;
    const blockers = [{ code, message, facts: { reason: message, server }, liftedBy: ["admin"] }];
    throw new AppError("INVALID_INPUT", message, { blockers });
  }
}

/** As `refuseForeignServer`, for a Git address in any of its forms; one that names no host is let through. */
export async function refuseForeignGit(gitUrl: string): Promise<void> {
  const host = gitHost(gitUrl);
  if (host !== null) await refuseForeignServer("server", `ssh://${host}`);
}
