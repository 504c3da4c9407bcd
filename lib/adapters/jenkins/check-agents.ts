import { z } from "zod";
import type { BuildServerFinding, CallOptions } from "../ports.ts";
import type { Client } from "./client.ts";
import { attempt, finding } from "./finding.ts";

/** What is not said is not known: plug-ins bring nodes of their own. */
const nodeSchema = z.object({
  displayName: z.string().catch(""),
  offline: z.boolean().nullish(),
  assignedLabels: z.array(z.object({ name: z.string() })).nullish(),
});
const computersSchema = z.object({
  totalExecutors: z.number().int(),
  busyExecutors: z.number().int(),
  computer: z.array(nodeSchema).nullish().catch(null),
});
const TREE = "totalExecutors,busyExecutors,computer[displayName,offline,assignedLabels[name]]";
/** A single label; an expression of several is for Jenkins to understand. */
const LABEL = /^[\w.-]+$/;

/**
 * Whether anything can run a build: executors, and agents online for every label that is asked for.
 * @param wanted labels of the job and of the server's entry here
 */
export async function checkAgents(
  client: Client,
  wanted: readonly string[],
  options: CallOptions,
): Promise<BuildServerFinding[]> {
  const parse = (body: unknown) => computersSchema.parse(body);
  const asked = await attempt(client.json("executors", "/computer/api/json", { tree: TREE }, parse, options));
  const labels = [...new Set(wanted)].filter((label) => LABEL.test(label));
  if (!asked.ok) {
    const { message } = asked.error;
    return [
      finding("EXECUTORS", null, message),
      ...(labels.length === 0 ? [] : [finding("LABELS", null, message, { labels: labels.join(", ") })]),
    ];
  }
  const { totalExecutors: total, busyExecutors: busy, computer } = asked.value;
  const fix = "Bring an agent online, or give the built-in node executors.";
  return [
    finding("EXECUTORS", total > 0, `${busy} of ${total} executors are busy.`, { total, busy }, fix),
    ...labelFindings(labels, computer ?? null),
  ];
}

function labelFindings(
  labels: readonly string[],
  nodes: z.infer<typeof nodeSchema>[] | null,
): BuildServerFinding[] {
  if (labels.length === 0) return [];
  const all = labels.join(", ");
  if (nodes === null || nodes.some(({ assignedLabels }) => !assignedLabels))
    return [finding("LABELS", null, "Jenkins does not tell the labels of its nodes.", { labels: all })];
  const carriers = (label: string) =>
    nodes.filter(({ assignedLabels }) => assignedLabels?.some(({ name }) => name === label));
  const missing = labels.filter((label) => carriers(label).length === 0);
  const offline = labels.filter(
    (label) => !missing.includes(label) && carriers(label).every((node) => node.offline === true),
  );
  const well = missing.length === 0 && offline.length === 0;
  const message = well
    ? `Agents are online for ${all}.`
    : [
        ...(missing.length === 0 ? [] : [`No agent carries ${missing.join(", ")}.`]),
        ...(offline.length === 0 ? [] : [`All agents of ${offline.join(", ")} are offline.`]),
      ].join(" ");
  return [
    finding(
      "LABELS",
      well,
      message,
      {
        labels: all,
        ...{ missing: missing.join(", "), missingCount: missing.length },
        ...{ offline: offline.join(", "), offlineCount: offline.length },
      },
      "Bring an agent with the label online, or correct the label; agents that a cloud makes on demand cannot be seen.",
    ),
  ];
}
