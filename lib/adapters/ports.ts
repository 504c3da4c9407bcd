/**
 * What the portal needs from the world, in the portal's words. Vendors stop behind these interfaces: every method
 * throws `AdapterError` (lib/errors.ts), has a timeout, and takes an optional signal to give up early.
 */

export type CallOptions = { signal?: AbortSignal };

// ---------------------------------------------------------------- build server

export type BuildTrigger = {
  /** Parameters of contracts.md section 1, by name; unknown ones are dropped by Jenkins. */
  parameters: Record<string, string>;
};
/**
 * Why an item waits: its quiet period; another build of the job; a free executor (`buildable`), since so long that the
 * server calls it `stuck`; or the server is about to shut down and starts nothing.
 */
export type QueueWhy = "quiet" | "blocked" | "buildable" | "stuck" | "shutting_down";
export type QueueItemState =
  /** `reason` is the server's own text, in English. */
  | { state: "waiting"; why: QueueWhy; reason: string; since: Date | null }
  | { state: "left"; number: number }
  | { state: "cancelled" }
  /** 404: forgotten five minutes after leaving, or lost by a restart. Look for the attempt id instead. */
  | { state: "gone" };
export type ServerBuild = {
  number: number;
  queueId: number | null;
  state: "running" | "succeeded" | "failed" | "aborted";
  startedAt: Date | null;
  /** The server says that it writes nothing more to the log; false where it says nothing of that. */
  logClosed: boolean;
  /** Milliseconds; null while running. */
  durationMs: number | null;
  /** Jenkins' own guess, milliseconds; null if it has none. */
  estimatedMs: number | null;
  node: string | null;
  url: string;
};
/** Several builds at one glance. Null: it was not asked for. */
export type BuildSurvey = {
  /** Ids of the items that wait. */
  queue: ReadonlySet<number> | null;
  /** Numbers of the newest builds, and whether each still runs. */
  builds: ReadonlyMap<number, boolean> | null;
};
/** A piece of the raw log; the two facts beside it are known before its first byte. */
export type LogStream = {
  /** Comes no faster than it is read; errors with an AdapterError, also when nothing comes for the timeout. */
  body: ReadableStream<Uint8Array>;
  /** The server's offset to ask with next time (bytes, never computed). */
  nextOffset: number;
  complete: boolean;
};
export type BuildStage = {
  name: string;
  state: "running" | "succeeded" | "failed" | "aborted" | "skipped" | "paused";
  startedAt: Date | null;
  /** Milliseconds, so far where it runs. */
  durationMs: number | null;
};
export type BuildResultFile = { attemptId: string; commit: string; image: string; digest: string };
/** Every parameter that the build job must declare: Jenkins drops those it does not know without a word. */
export const JOB_PARAMETERS = [
  "REFRACT_ATTEMPT_ID",
  "RELEASE",
  "PROJECT",
  "COMPONENT",
  "GIT_URL",
  "GIT_REF",
  "GIT_COMMIT",
  "SUB_PATH",
  "DOCKERFILE",
  "BASE_IMAGE",
  "BUILD_COMMAND",
  "ARTIFACT_PATH",
  "IMAGE",
  "BUILD_VARIABLES",
  "SECRET_BUILD_VARIABLES",
] as const;

/** One thing that was looked at. `ok` null: it cannot be known from here; `message` says why, for logs and the API. */
export type BuildServerFinding = {
  code: string;
  ok: boolean | null;
  message: string;
  fix?: string;
  /** Values that the translated text of `code` needs. Never a secret. */
  facts?: Record<string, string | number>;
};

export interface BuildServer {
  /** Starts the job. `merged` when an identical item already waited (303). */
  trigger(input: BuildTrigger, options?: CallOptions): Promise<{ queueId: number; merged: boolean }>;
  queueItem(queueId: number, options?: CallOptions): Promise<QueueItemState>;
  /** How many items came into the queue before this one and still wait; null when it waits no more. */
  queuePosition(queueId: number, options?: CallOptions): Promise<number | null>;
  /** Looks in the queue and the last 100 builds for the attempt id; null when neither has it. */
  findAttempt(
    attemptId: string,
    options?: CallOptions,
  ): Promise<{ queueId: number | null; number: number | null } | null>;
  /** Null when Jenkins has no record of that number (404). */
  build(number: number, options?: CallOptions): Promise<ServerBuild | null>;
  /** The queue and the newest hundred builds, one request each. */
  survey(wanted: { queue: boolean; builds: boolean }, options?: CallOptions): Promise<BuildSurvey>;
  /** The log from an offset that the server named before (0 at first), as its bytes. */
  openLog(number: number, offset: number, options?: CallOptions): Promise<LogStream>;
  /** The whole log as the server keeps it for people, as its bytes; null when it has no record of that number. */
  openConsole(number: number, options?: CallOptions): Promise<ReadableStream<Uint8Array> | null>;
  /** Stages of a pipeline, in their order; null for a job that has none, and for a build that is not there. */
  stages(number: number, options?: CallOptions): Promise<BuildStage[] | null>;
  /** `refract-result.json`; null when it was not archived. */
  result(number: number, options?: CallOptions): Promise<BuildResultFile | null>;
  cancelQueueItem(queueId: number, options?: CallOptions): Promise<void>;
  stop(number: number, options?: CallOptions): Promise<void>;
  /** Creates the job if it is missing from the given config XML. */
  ensureJob(configXml: string, options?: CallOptions): Promise<"created" | "present">;
  /** What is well and what is not; never throws for a server that is not well. `labels`: those that builds ask for. */
  check(options?: CallOptions & { labels?: readonly string[] }): Promise<BuildServerFinding[]>;
  /** Those of the names that the job does not declare: the server would drop them silently. Remembered for a minute. */
  undeclaredParameters(names: readonly string[], options?: CallOptions): Promise<string[]>;
}

// ---------------------------------------------------------------- cluster

/** A Kubernetes object as plain JSON; `apiVersion`, `kind` and `metadata.name` are always there. */
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [key: string]: unknown;
  };
  [key: string]: unknown;
};
export type ObjectRef = { apiVersion: string; kind: string; namespace?: string; name: string };
export type FieldConflict = { field: string; manager: string };
export type ApplyOutcome =
  | { ok: true; object: Manifest; warnings: string[] }
  /** 409 FieldManagerConflict. Nothing was changed. */
  | { ok: false; conflicts: FieldConflict[]; message: string };
export type WatchEvent =
  | { type: "added" | "modified" | "deleted"; object: Manifest }
  | { type: "bookmark"; resourceVersion: string };
export type PodLogOptions = {
  container?: string;
  previous?: boolean;
  tailLines?: number;
  sinceSeconds?: number;
  timestamps?: boolean;
  limitBytes?: number;
};
export type AccessReview = {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
};

/** As RBAC writes it: every verb on every resource of every group; `*` is all, `pods/log` a subresource. */
export type AccessRule = { verbs: string[]; groups: string[]; resources: string[]; names: string[] };

export interface Cluster {
  version(options?: CallOptions): Promise<{ gitVersion: string }>;
  /** Server-side apply with field manager `refract`. `dryRun` asks the server to answer without storing. */
  apply(
    object: Manifest,
    options?: CallOptions & { dryRun?: boolean; force?: boolean },
  ): Promise<ApplyOutcome>;
  /** Null when missing (also when its namespace is). */
  get(ref: ObjectRef, options?: CallOptions): Promise<Manifest | null>;
  list(
    kind: { apiVersion: string; kind: string; namespace?: string },
    options?: CallOptions & { labelSelector?: string; fieldSelector?: string },
  ): Promise<{ items: Manifest[]; resourceVersion: string }>;
  /** Ends by itself (server timeout, 410): the caller lists again and watches from there. */
  watch(
    kind: { apiVersion: string; kind: string; namespace?: string },
    input: { resourceVersion: string; labelSelector?: string; onEvent: (event: WatchEvent) => void },
    options?: CallOptions,
  ): Promise<{ ended: "server" | "expired" | "aborted" }>;
  /**
   * False when it was not there. What belongs to the object goes after it (`background`, unless said otherwise), before
   * it (`foreground`; not awaited) or stays (`orphan`). With `uid` only the object of that id goes: another one of the
   * same name is a `conflict`.
   */
  remove(
    ref: ObjectRef,
    options?: CallOptions & { propagation?: "background" | "foreground" | "orphan"; uid?: string },
  ): Promise<boolean>;
  createNamespace(
    name: string,
    labels: Record<string, string>,
    options?: CallOptions,
  ): Promise<"created" | "present">;
  /** JSON merge patch under field manager `refract`; used for restart and scale only. */
  mergePatch(ref: ObjectRef, patch: Record<string, unknown>, options?: CallOptions): Promise<Manifest>;
  scale(ref: ObjectRef, replicas: number, options?: CallOptions): Promise<void>;
  podLog(
    ref: { namespace: string; name: string },
    input: PodLogOptions,
    options?: CallOptions,
  ): Promise<string>;
  /** Calls `onText` with pieces as they come until the container ends or the signal aborts. */
  followPodLog(
    ref: { namespace: string; name: string },
    input: PodLogOptions & { onText: (text: string) => void },
    options?: CallOptions,
  ): Promise<void>;
  /** The log as its bytes, unchanged and no faster than they are taken; with `follow` until the container ends. */
  openPodLog(
    ref: { namespace: string; name: string },
    input: PodLogOptions & { follow?: boolean },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>;
  /** GET through the API server's service proxy. */
  proxyGet(
    ref: { namespace: string; service: string; port: string; path: string },
    options?: CallOptions,
  ): Promise<{ status: number; body: string }>;
  reviewAccess(review: AccessReview, options?: CallOptions): Promise<boolean>;
  /** What this account may do in a namespace. `incomplete`: an authorizer does not list its rules, so ask for each. */
  reviewRules(
    namespace: string,
    options?: CallOptions,
  ): Promise<{ rules: AccessRule[]; incomplete: boolean }>;
  /** Name of the account that the server takes us for. */
  whoAmI(options?: CallOptions): Promise<string>;
}

// ---------------------------------------------------------------- image registry

export type ImageReference = { repository: string; reference: string };
export type ImageLayer = {
  /** Of the compressed layer, as it is stored. */
  digest: string;
  /** Of the layer's content; equal in every image that is built on it. Null where the configuration does not say. */
  diffId: string | null;
  sizeBytes: number;
  /** The instruction that made it, where the image tells its history. */
  createdBy: string | null;
};
export type ImageSummary = {
  /** `sha256:…` of the manifest as the tag points to it (an index keeps its own digest). */
  digest: string;
  mediaType: string;
  /** Bytes of config and layers; null for an index. */
  sizeBytes: number | null;
  /** Bottom first; none for an index. */
  layers: ImageLayer[];
  /** The images of an index; none for an image, which is its own. */
  platforms: { digest: string; os: string; architecture: string }[];
  /** From the config: created, revision and version labels, where present. */
  createdAt: Date | null;
  labels: Record<string, string>;
};

/** A manifest as it is stored, byte for byte. */
export type ImageManifest = { digest: string; mediaType: string; body: Buffer };

/** Why a signature counts for nothing, or that it is of a kind that is not known here. */
export type SignatureProblem = "no_key" | "other_digest" | "unreadable" | "unsupported";
/** What is stored beside an image to say where it comes from. `verifiedBy`: keys of the public keys that fit. */
export type ImageEvidence = {
  /** `digest` of what was signed: the payload or the bundle. `problem` is null when a key verified it. */
  signatures: { digest: string; verifiedBy: string[]; problem: SignatureProblem | null }[];
  /** `verifiedBy` is empty for one that is attached without a signature. */
  sboms: {
    format: "spdx" | "cyclonedx" | "other";
    digest: string;
    sizeBytes: number;
    verifiedBy: string[];
  }[];
  /** Every other attestation, SLSA provenance above all. */
  provenance: { predicateType: string; digest: string; verifiedBy: string[] }[];
};
export type EvidenceKey = { key: string; publicKeyPem: string };

export type ScanSeverity = "critical" | "high" | "medium" | "low" | "negligible" | "unknown";
export type ImageScan = {
  state: "none" | "running" | "done" | "failed";
  /** Name and version, e.g. `Trivy v0.51.1`. */
  scanner: string | null;
  finishedAt: Date | null;
  counts: Record<ScanSeverity, number>;
  /** Worst first. */
  vulnerabilities: {
    id: string;
    severity: ScanSeverity;
    package: string;
    version: string;
    fixedVersion: string | null;
    link: string | null;
  }[];
};
export type RegistryArtifact = {
  digest: string;
  tags: string[];
  pushedAt: Date | null;
  labels: string[];
  sizeBytes: number | null;
};
export type RegistryFinding = {
  code: string;
  ok: boolean;
  message: string;
  fix?: string;
  /** Values that the translated text of `code` needs. Never a secret. */
  facts?: Record<string, string | number>;
};
export type ImageCopyResult = {
  digest: string;
  /** Bytes that went over the wire. */
  sentBytes: number;
  /** Bytes that the registry took from another repository of its own. */
  mountedBytes: number;
  /** Bytes that were there already. */
  presentBytes: number;
};

export interface ImageRegistry {
  /** Origin, e.g. `https://harbor.example.com`: two clients of one registry have the same. */
  readonly address: string;
  /** Digest that a tag or digest resolves to; null when the registry does not have it. */
  resolve(image: ImageReference, options?: CallOptions): Promise<string | null>;
  inspect(image: ImageReference, options?: CallOptions): Promise<ImageSummary | null>;
  tags(repository: string, options?: CallOptions): Promise<string[]>;
  /** The manifest itself; null when the registry does not have it. */
  manifest(image: ImageReference, options?: CallOptions): Promise<ImageManifest | null>;
  /** Manifests that name `digest` as their subject (OCI 1.1, by API or by tag). */
  referrers(
    image: { repository: string; digest: string },
    options?: CallOptions,
  ): Promise<{ digest: string; mediaType: string; artifactType: string | null; sizeBytes: number }[]>;
  /** A blob as it comes, no faster than it is taken; fails at its end when it was not its digest. */
  openBlob(
    blob: { repository: string; digest: string },
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>;
  /** Signatures, SBOMs and attestations of exactly this digest, verified with the given keys. */
  evidence(
    image: { repository: string; digest: string },
    keys: EvidenceKey[],
    options?: CallOptions,
  ): Promise<ImageEvidence>;
  /** Null where the registry does not scan. */
  scan(image: { repository: string; digest: string }, options?: CallOptions): Promise<ImageScan | null>;
  /** Puts a label on, or takes it off; false where the registry has no labels, or not the image. */
  label(
    image: { repository: string; digest: string },
    label: string,
    on: boolean,
    options?: CallOptions,
  ): Promise<boolean>;
  /** Newest push first; null where the registry does not say. */
  list(repository: string, options?: CallOptions): Promise<RegistryArtifact[] | null>;
  /**
   * Takes an image from another registry (or another repository of its own): by digest, an index with its images, and
   * with what is signed and attested. The tag is set last. May be called again after a failure: what is there stays.
   * @throws AdapterError `missing` when the source does not have it
   */
  copyFrom(
    source: ImageRegistry,
    input: { from: { repository: string; digest: string }; to: { repository: string; tag: string } },
    options?: CallOptions & { onSent?: (bytes: number) => void },
  ): Promise<ImageCopyResult>;
  /** What is well and what is not; never throws for a registry that is not well. `wanted`: images that must stay. */
  check(
    options?: CallOptions & { wanted?: { repository: string; digest: string }[] },
  ): Promise<RegistryFinding[]>;
  ping(options?: CallOptions): Promise<void>;
}

// ---------------------------------------------------------------- metrics

export interface Metrics {
  /** Values of an instant query now, in the server's order; `NaN` where a sample has none. */
  query(expression: string, options?: CallOptions): Promise<{ samples: number[] }>;
}

// ---------------------------------------------------------------- source host

export type GitRefKind = "branch" | "tag";
export type GitRef = { kind: GitRefKind; name: string; commit: string };
export type GitCommit = {
  commit: string;
  subject: string;
  authorName: string;
  authorEmail: string;
  authoredAt: Date;
};

/** All that a commit says of itself. */
export type GitCommitDetail = GitCommit & {
  /** Whole, as it was written. */
  message: string;
  committerName: string;
  committerEmail: string;
  committedAt: Date;
  /** Full ids, the one it was made on first; several of a merge, none of the first of a history. */
  parents: string[];
  /** Whether a branch or tag leads there; null when the server did not answer and this is what a copy says. */
  reachable: boolean | null;
};

/** One page of a list; `nextCursor` is asked with next time, null at the end. A search may find nothing on a page yet. */
export type SourcePage<Item> = { items: Item[]; nextCursor: string | null };

export interface SourceHost {
  /** Branches or tags whose name contains `search` (case-insensitive), newest commit first where known. */
  refs(
    input: { gitUrl: string; kind: GitRefKind; search?: string; cursor?: string; limit?: number },
    options?: CallOptions,
  ): Promise<SourcePage<GitRef & { head: GitCommit | null }>>;
  /** Commits reachable from `ref`, newest first; `search` matches subject, author or a commit's prefix. */
  commits(
    input: { gitUrl: string; ref: string; search?: string; cursor?: string; limit?: number },
    options?: CallOptions,
  ): Promise<SourcePage<GitCommit>>;
  /** Freezes a branch, tag or (abbreviated) commit to a full commit id; null when there is no such thing. */
  resolve(
    input: { gitUrl: string; ref: string },
    options?: CallOptions,
  ): Promise<(GitCommit & { kind: GitRefKind | "commit" }) | null>;
  /** A commit by its id, or by the beginning of it; null when neither the server nor a copy has it. */
  commit(input: { gitUrl: string; commit: string }, options?: CallOptions): Promise<GitCommitDetail | null>;
  /** Commits in `to` that are not in `from`, newest first; `total` may exceed the page. `from` null: history of `to`. */
  between(
    input: { gitUrl: string; from: string | null; to: string; limit?: number },
    options?: CallOptions,
  ): Promise<{ commits: GitCommit[]; total: number }>;
}
