import { availableParallelism, loadavg } from "node:os";
import { db } from "#lib/db.ts";
import { bareCluster } from "./bare-client.ts";
import { BARE, bareDeploy, bareLook } from "./bare-deploy.ts";
import { makeBuildWorld, SLOW_WAYS_MS } from "./build-world.ts";
import { measureBuilds } from "./builds.ts";
import { newDeployment, type ReadyLane, readyLanes } from "./lanes.ts";
import { OF_BUILDS, OF_DEPLOYMENTS } from "./names.ts";
import { clock, startObserver } from "./observer.ts";
import { openPortal } from "./portal.ts";
import type { Product } from "./product.ts";
import { openSlowWay } from "./slow-way.ts";
import { interleave, type Result, summarize } from "./statistics.ts";
import { measureStream } from "./stream.ts";
import { KINDS, makeWorld, OBJECTS, type World } from "./world.ts";

const LANES = 8;
const TURNS = 2;
const WARM_UP = 3;
/** Rounds of what takes seconds each: thirty pairs, whatever is asked for beyond that. */
const MOST_OF_LONG = 15;

type Input = {
  product: Product;
  rounds: number;
  wanted: (name: string) => boolean;
  show: (result: Result) => void;
  say: (line: string) => void;
  cleanUp: (work: () => Promise<void>) => void;
};

/** Runs what is wanted and shows each result as it comes. What has to be undone is handed to `cleanUp`. */
export async function measure(given: Input): Promise<void> {
  const { product, rounds, wanted } = given;
  // What else the machine does is the first thing to know about a figure.
  const show = ({ note, ...result }: Result) => {
    const load = `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`;
    given.show({ ...result, note: `${note}; ${load}` });
  };
  const input = { ...given, show };
  const { kubeconfig, registryUrl, url, jenkins: access, gitUrl, dir, clicksFile } = product;
  const world = OF_DEPLOYMENTS.some(wanted)
    ? await makeWorld({ lanes: LANES, kubeconfig, registryUrl })
    : null;
  const slow: { delayMs: number; url: string }[] = [];
  for (const delayMs of wanted("build-trigger") ? SLOW_WAYS_MS : []) {
    const way = await openSlowWay(access.url, delayMs);
    given.cleanUp(way.close);
    slow.push({ delayMs, url: way.url });
  }
  const builds = OF_BUILDS.some(wanted)
    ? await makeBuildWorld({ jenkins: access, registryUrl, gitUrl, slow })
    : null;
  await product.start();
  if (builds) {
    const databaseUrl = product.settings.DATABASE_URL ?? "";
    const few = Math.min(rounds, MOST_OF_LONG);
    await measureBuilds({ ...input, url, databaseUrl, dir, clicksFile, world: builds, access, slow, few });
  }
  if (world) await measureDeployments(input, world);
}

async function measureDeployments(input: Input, world: World): Promise<void> {
  const { product, rounds, wanted, show, say, cleanUp } = input;
  const few = Math.min(rounds, MOST_OF_LONG);
  const { kubeconfig, url } = product;
  const cluster = await bareCluster(kubeconfig);
  const { environment, lanes: all } = world;
  const portal = await openPortal(
    url,
    world.token,
    all.map(({ project }) => project),
  );
  const observer = startObserver({
    kubeconfig,
    labelSelector: `refract.dev/environment=${environment}`,
    objects: OBJECTS,
    kinds: KINDS,
  });
  cleanUp(async () => {
    portal.close();
    await observer.stop();
    for (const { namespace, bareNamespace } of all) {
      for (const name of [namespace, bareNamespace])
        await cluster("DELETE", `/api/v1/namespaces/${name}`).catch(() => undefined);
    }
    await db.$disconnect();
  });
  say("planning and deploying every lane once ...");
  const lanes = await readyLanes(world, portal, cluster);
  const [first] = lanes;
  if (!first) throw new Error("no lane");

  const deployed = async (): Promise<number> => {
    const start = clock();
    const id = await portal.deploy(first.digest);
    const applied = await observer.applied(id);
    await portal.succeeded(id);
    return applied - start;
  };
  const bare = async (): Promise<number> => {
    const deployment = newDeployment();
    const start = clock();
    await bareDeploy(cluster, first.objects, { namespace: first.bareNamespace, deployment });
    return (await observer.applied(deployment)) - start;
  };

  const turns = (work: (lane: ReadyLane) => Promise<void>) => async (): Promise<number> => {
    const start = clock();
    await Promise.all(
      lanes.map(async (lane) => {
        for (let turn = 0; turn < TURNS; turn += 1) await work(lane);
      }),
    );
    return (lanes.length * TURNS * 1000) / (clock() - start);
  };
  const productTurns = turns(async ({ digest }) => portal.succeeded(await portal.deploy(digest)));
  const bareTurns = turns(async ({ objects, bareNamespace, project }) => {
    await bareDeploy(cluster, objects, { namespace: bareNamespace, deployment: newDeployment() });
    await bareLook(cluster, objects, { namespace: bareNamespace, project, environment });
  });

  if (wanted("deploy")) {
    await interleave(WARM_UP, deployed, bare);
    const note = `POST /deployments until the last of ${OBJECTS} objects is applied, seen by a watch; ${BARE}`;
    show(summarize("deploy", "ms", note, await interleave(rounds, deployed, bare)));
  }
  if (wanted("throughput")) {
    await interleave(1, productTurns, bareTurns);
    const note = `${LANES} at once, until each is healthy; ${BARE}, then one look at pods, ReplicaSets, events and workloads`;
    show(summarize("throughput", "deployments/s", note, await interleave(few, productTurns, bareTurns)));
  }
  if (wanted("stream")) {
    say("opening a thousand streams ...");
    const results = await measureStream({
      url,
      kubeconfig,
      world,
      lane: first,
      cluster,
      rounds: few,
      cleanUp,
    });
    for (const result of results) show(result);
  }
}
