import type { TimelineDto } from "./schema.ts";

type Lane = TimelineDto["lanes"][number];
/** A deployment that has begun, as far as it says what ran. */
export type RanDeployment = {
  id: string;
  state: string;
  startedAt: Date;
  endedAt: Date | null;
  /** Whether it wrote anything: one that was refused by its dry run changes nothing. */
  touched: boolean;
  /** Which release order it brings each component from: a rollback may bring them from several. */
  components: readonly { component: string; release: string }[];
};

/**
 * Which release order each component ran from, over time. A component runs what its newest successful deployment
 * brought, from that deployment's end; from a deployment on that wrote and did not succeed it is not sure, until the
 * next success. Components with the same story are one lane. Pure.
 * @param deployments in any order; those that ended before `from` matter by what they left running
 */
export function lanesOf(deployments: readonly RanDeployment[], from: Date): Lane[] {
  // A success counts from its end; doubt begins with the first write, however long after its rollback it is closed.
  const moment = ({ state, endedAt, startedAt }: RanDeployment) =>
    (state === "succeeded" && endedAt ? endedAt : startedAt).getTime();
  const inOrder = [...deployments].sort((a, b) => moment(a) - moment(b) || (a.id < b.id ? -1 : 1));
  const byComponent = new Map<string, Lane>();
  for (const deployment of inOrder) {
    for (const { component, release } of deployment.components) {
      const lane = byComponent.get(component) ?? { components: [component], spans: [], attempts: [] };
      byComponent.set(component, lane);
      add(lane, deployment, release);
    }
  }
  const lanes = [...byComponent.values()].map((lane) => since(lane, from));
  return merged(lanes.filter(({ spans, attempts }) => spans.length + attempts.length > 0));
}

function add(lane: Lane, deployment: RanDeployment, release: string): void {
  const { id, state, startedAt, endedAt, touched } = deployment;
  const last = lane.spans.at(-1);
  if (state === "succeeded" && endedAt) {
    const at = endedAt.toISOString();
    if (last) last.to = at;
    lane.spans.push({ deployment: id, release, from: at, to: null, unsureFrom: null });
    return;
  }
  const at = startedAt.toISOString();
  lane.attempts.push({ deployment: id, release, at, to: endedAt?.toISOString() ?? null, touched });
  if (touched && last) last.unsureFrom ??= at;
}

function since(lane: Lane, from: Date): Lane {
  const least = from.toISOString();
  return {
    ...lane,
    spans: lane.spans.filter(({ to }) => to === null || to > least),
    attempts: lane.attempts.filter(({ to }) => to === null || to > least),
  };
}

function merged(lanes: readonly Lane[]): Lane[] {
  const byStory = new Map<string, Lane>();
  for (const { components, ...story } of lanes) {
    const key = JSON.stringify(story);
    const known = byStory.get(key);
    byStory.set(key, { components: [...(known?.components ?? []), ...components].sort(), ...story });
  }
  return [...byStory.values()].sort((a, b) => (a.components.join() < b.components.join() ? -1 : 1));
}
