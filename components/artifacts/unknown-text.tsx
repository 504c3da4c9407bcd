"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { ExactTime } from "#components/ui/time.tsx";
import type { ArtifactRegistryDto } from "#lib/artifacts/schema.ts";

/** Why nothing is known of an image from a registry, and what helps. Null: it has answered. */
export function UnknownText({ registry }: { registry: ArtifactRegistryDto }) {
  const t = useTranslations("artifacts.unknown");
  const { inspectProblem, inspectedAt, goneSince, evidence, name } = registry;
  if (inspectedAt === null && inspectProblem === null)
    return <p className="text-fg-2">{t("asking", { name })}</p>;
  if (inspectedAt === null && inspectProblem !== null)
    return (
      <div className="flex flex-col gap-1">
        <p>
          {t(t.has(inspectProblem.failure) ? inspectProblem.failure : "failed", { name })}{" "}
          <ExactTime at={inspectProblem.at} style="full" />
        </p>
        <p className="font-mono text-sm break-words text-fg-2">{inspectProblem.message}</p>
        <p className="text-fg-2">
          {t.rich("failedHelp", {
            registries: (chunks) => (
              <Link href="/settings/registries" className="hover:underline">
                {chunks}
              </Link>
            ),
          })}
        </p>
      </div>
    );
  if (goneSince !== null && evidence === null) return <p className="text-fg-2">{t("gone", { name })}</p>;
  return null;
}

/** Whether `UnknownText` has something to say. */
export const isUnknown = ({ inspectedAt, goneSince, evidence }: ArtifactRegistryDto): boolean =>
  inspectedAt === null || (goneSince !== null && evidence === null);
