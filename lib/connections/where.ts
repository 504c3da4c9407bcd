import { subscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { z } from "zod";
import { env } from "#lib/env.ts";
import { type NetworkRules, parseNetworks, refusalOf } from "./networks.ts";

/** Where clusters and the Prometheus servers of projects may be, as the setting says. */
export const clusterNetworks = (): NetworkRules =>
  parseNetworks(env.REFRACT_CLUSTER_NETWORKS, "REFRACT_CLUSTER_NETWORKS");

/** Where Git hosts, build servers and registries may be: as the setting says, else by default and where clusters are. */
export const serverNetworks = (): NetworkRules =>
  parseNetworks(
    env.REFRACT_SERVER_NETWORKS.trim() || `default ${env.REFRACT_CLUSTER_NETWORKS}`,
    "REFRACT_SERVER_NETWORKS",
  );

const connectedSchema = z.object({
  connectParams: z.object({ hostname: z.string() }),
  socket: z.instanceof(Socket),
});
let guarded = false;

/**
 * Has every connection that this process opens by `fetch` looked at before anything is sent over it: whatever a name, a
 * redirect or a token server led to, an address where no server may be gets no request. The caller of `fetch` gets the
 * AdapterError as the cause of its failure. Clusters and Prometheus have their own look, before they connect.
 */
export function guardSockets(): void {
  if (guarded) return;
  guarded = true;
  subscribe("undici:client:connected", (message) => {
    // Nothing may be thrown here: it would end the process instead of the request.
    const { data } = connectedSchema.safeParse(message);
    if (!data) return;
    const refused = refusalOf(serverNetworks(), data.connectParams.hostname, data.socket.remoteAddress ?? "");
    if (refused) data.socket.destroy(refused);
  });
}
