"use client";

import { Archive, Ellipsis, Hammer, LogOut, PackageCheck, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { ProblemError } from "#lib/http/client.ts";
import { abandonRelease } from "#lib/releases/client.ts";
import type { ReleaseDto } from "#lib/releases/schema.ts";
import { BuildButton } from "./build-button.tsx";
import type { Freeze } from "./freeze.ts";
import { type Ask, askOf } from "./stage-ask.ts";
import { StageDialog } from "./stage-dialog.tsx";
import { useReason } from "./use-reason.ts";
import { useReleaseAction } from "./use-release-action.ts";

/** What is done with the release order as a whole; what its state does not know is off, with the reason. */
export function ReleaseActions({ release, freezes }: { release: ReleaseDto; freezes: readonly Freeze[] }) {
  const t = useTranslations("releases.actions");
  const [abandoning, setAbandoning] = useState(false);
  const [leaving, setLeaving] = useState<Ask | null>(null);
  const reasonOf = useReason();
  const actionOf = (name: string) => release.actions.find(({ action }) => action === name);
  const edit = actionOf("edit");
  const abandon = actionOf("abandon");
  const abandonReason = abandon === undefined ? t("notInThisState") : reasonOf(abandon);
  const held = release.stages.find((stage) => stage.actions.some(({ action }) => action === "leave"));
  const left = release.stages.find(({ environment }) => environment === leaving?.environment);
  const leaveReason = held && reasonOf(held.actions.find(({ action }) => action === "leave"));
  const started = release.state !== "draft";
  return (
    <>
      {edit !== undefined && (
        <Button
          icon={<Pencil aria-hidden />}
          href={`/releases/${encodeURIComponent(release.number)}/edit`}
          disabled={reasonOf(edit) !== undefined}
        >
          {t("edit")}
        </Button>
      )}
      {actionOf("build") !== undefined && started && (
        <BuildButton release={release} kind="normal" icon={<Hammer aria-hidden />} />
      )}
      <Menu
        label={t("more")}
        trigger={<IconButton label={t("more")} icon={<Ellipsis aria-hidden />} />}
        items={[
          {
            label: t("evidence"),
            icon: <PackageCheck aria-hidden />,
            href: `/audit?subjectId=${encodeURIComponent(release.number)}`,
          },
          ...(held === undefined
            ? []
            : [
                {
                  label: t("leave", { environment: held.environment }),
                  icon: <LogOut aria-hidden />,
                  onSelect: () => setLeaving(askOf("leave", held)),
                  disabled: leaveReason !== undefined,
                  reason: leaveReason,
                },
              ]),
          "separator" as const,
          {
            label: t("abandon"),
            icon: <Archive aria-hidden />,
            danger: true,
            onSelect: () => setAbandoning(true),
            disabled: abandonReason !== undefined,
            reason: abandonReason,
          },
        ]}
      />
      <Abandon release={release} open={abandoning} onClose={() => setAbandoning(false)} />
      {leaving !== null && left !== undefined && (
        <StageDialog
          release={release}
          stage={left}
          ask={leaving}
          kind="leave"
          freezes={freezes}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  );
}

function Abandon({ release, open, onClose }: { release: ReleaseDto; open: boolean; onClose: () => void }) {
  const t = useTranslations("releases.actions");
  const run = useReleaseAction(
    release.number,
    () => abandonRelease(release.number),
    () => t("abandoned"),
    { shown: true },
  );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      danger
      title={t("abandonTitle")}
      what={t.rich("abandonWhat", { number: release.number, b: (chunks) => <b>{chunks}</b> })}
      confirm={t("abandon")}
      busy={run.isPending}
      problem={run.error instanceof ProblemError ? run.error.problem : null}
      onConfirm={() => run.mutate(undefined, { onSuccess: onClose })}
    />
  );
}
