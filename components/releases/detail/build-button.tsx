"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { buildRelease } from "#lib/releases/client.ts";
import type { ReleaseDto } from "#lib/releases/schema.ts";
import { useReason } from "./use-reason.ts";
import { useReleaseAction } from "./use-release-action.ts";

/** Freezes the refs and builds what has no image yet. */
export function BuildButton({
  release,
  kind,
  icon,
}: {
  release: ReleaseDto;
  kind: "primary" | "normal";
  icon: ReactNode;
}) {
  const t = useTranslations("releases.actions");
  const reasonOf = useReason();
  const run = useReleaseAction(
    release.number,
    () => buildRelease(release.number),
    () => t("buildStarted"),
  );
  const action = release.actions.find(({ action: name }) => name === "build");
  const reason = reasonOf(action);
  return (
    <Button
      kind={kind}
      icon={icon}
      loading={run.isPending}
      disabled={action === undefined || reason !== undefined}
      reason={reason}
      onClick={() => run.mutate()}
    >
      {release.state === "build_failed" ? t("buildAgain") : t("build")}
    </Button>
  );
}
