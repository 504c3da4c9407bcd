import { toCsv } from "#components/statistics/series.ts";
import type { KeptImageDto } from "#lib/kept-images/schema.ts";

/** One line for each reason of each image. */
export function keptCsv(images: readonly KeptImageDto[]): string {
  return toCsv(
    [
      "registry",
      "host",
      "repository",
      "digest",
      "reason",
      "project",
      "component",
      "environment",
      "release",
      "since",
      "label",
      "labelled_at",
      "problem",
    ],
    images.flatMap((image) =>
      image.reasons.map((reason) => [
        image.registry,
        image.host,
        image.repository,
        image.digest,
        reason.reason,
        reason.project,
        reason.component,
        reason.environment,
        reason.release,
        image.since,
        image.label,
        image.labelledAt,
        image.problem?.message ?? null,
      ]),
    ),
  );
}
