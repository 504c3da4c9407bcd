"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "#components/forms/form-dialog.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox, Switch } from "#components/ui/choice.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, Input } from "#components/ui/field.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { SkeletonRows } from "#components/ui/skeleton.tsx";
import { shortCommit, shortDigest } from "#components/ui/text.ts";
import { baseImagesQuery, rebuildOnBase, rebuildPreviewQuery } from "#lib/base-images/client.ts";
import type { BaseImageDto, RebuildPreviewDto, RebuiltDto } from "#lib/base-images/schema.ts";

/** The release orders that would be raised, before they are; then which were. */
export function RebuildDialog({ base, onClose }: { base: BaseImageDto; onClose: () => void }) {
  const t = useTranslations("baseImages");
  const client = useQueryClient();
  const preview = useQuery(rebuildPreviewQuery(base.key));
  const [left, setLeft] = useState<string[]>([]);
  const [typed, setTyped] = useState<string | null>(null);
  const [build, setBuild] = useState(true);
  const digest = preview.data?.digest ?? base.digest ?? "";
  const title =
    typed ??
    t("rebuildDialog.title", {
      base: `${base.repository}:${base.tag}`,
      digest: shortDigest(digest).replace("sha256:", ""),
    });
  const projects = preview.data?.projects ?? [];
  const chosen = projects.filter(({ project, mayCreate }) => mayCreate && !left.includes(project));
  const [made, setMade] = useState<RebuiltDto | null>(null);
  // Some of the orders may have been raised before one was refused.
  const save = () =>
    rebuildOnBase(base.key, {
      digest,
      title,
      build,
      projects: chosen.map(({ project }) => project),
    }).finally(() => void client.invalidateQueries({ queryKey: baseImagesQuery().queryKey }));
  if (made !== null) return <Done made={made} onClose={onClose} />;
  const orders = chosen.length;
  return (
    <FormDialog
      size="wide"
      title={t("rebuildDialog.heading", { base: base.name })}
      description={t("rebuildDialog.text")}
      submit={t("rebuildDialog.submit", { count: orders })}
      ready={orders > 0 && title.trim() !== ""}
      error={preview.error}
      save={save}
      onSaved={setMade}
      onClose={onClose}
    >
      <Field label={t("rebuildDialog.titleLabel")}>
        <Input value={title} maxLength={200} onChange={({ target }) => setTyped(target.value)} />
      </Field>
      {preview.isPending && <SkeletonRows rows={3} />}
      <ul className="flex max-h-80 flex-col gap-2 overflow-y-auto">
        {projects.map((project) => (
          <Order
            key={project.project}
            project={project}
            chosen={!left.includes(project.project)}
            onChoose={(on) =>
              setLeft(on ? left.filter((key) => key !== project.project) : [...left, project.project])
            }
          />
        ))}
      </ul>
      {preview.data !== undefined && projects.length === 0 && (
        <Banner kind="good" title={t("nothingBehind")} />
      )}
      {preview.data !== undefined && preview.data.rebuilding.length > 0 && (
        <p className="text-sm text-fg-2">
          {t("rebuildDialog.already", { count: preview.data.rebuilding.length })}
        </p>
      )}
      <Switch
        checked={build}
        onChange={setBuild}
        label={t("rebuildDialog.build")}
        hint={t("rebuildDialog.buildHint")}
      />
    </FormDialog>
  );
}

function Order({
  project: { project, projectName, mayCreate, components },
  chosen,
  onChoose,
}: {
  project: RebuildPreviewDto["projects"][number];
  chosen: boolean;
  onChoose: (on: boolean) => void;
}) {
  const t = useTranslations("baseImages");
  return (
    <li className="rounded-md border border-line px-3 py-2">
      <Checkbox
        checked={mayCreate && chosen}
        disabled={!mayCreate}
        onChange={onChoose}
        label={
          <>
            <b>{projectName}</b> <span className="font-mono text-sm text-fg-3">{project}</span>
          </>
        }
        hint={mayCreate ? undefined : t("rebuildDialog.notYours")}
      />
      <ul className="mt-1 flex flex-col gap-0.5 pl-6">
        {components.map(({ component, source }) => (
          <li key={component} className="flex min-w-0 flex-wrap gap-x-2">
            <span className="font-medium break-all">{component}</span>
            <span className="font-mono text-sm text-fg-2">{shortCommit(source.commit)}</span>
            <span className="min-w-0 truncate text-sm text-fg-3">
              {source.release}
              {source.commitSubject === null ? "" : ` · ${source.commitSubject}`}
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Done({ made, onClose }: { made: RebuiltDto; onClose: () => void }) {
  const t = useTranslations("baseImages");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("rebuildDialog.done", { count: made.releases.length })}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t("rebuildDialog.close")}
        </Button>
      }
    >
      <ul className="flex flex-col gap-1.5">
        {made.releases.map(({ project, release }) => (
          <li key={release} className="flex flex-wrap gap-x-2">
            <Link
              href={`/releases/${encodeURIComponent(release)}`}
              className="font-mono text-accent hover:underline"
            >
              {release}
            </Link>
            <span className="text-fg-3">{project}</span>
          </li>
        ))}
      </ul>
      {made.refused.map(({ project, code, message, blockers }) => (
        <section key={project} className="mt-3 flex flex-col gap-1.5">
          <h3 className="font-semibold">{t("rebuildDialog.refused", { project })}</h3>
          <ProblemAlert problem={{ code, detail: message, blockers }} />
        </section>
      ))}
    </Dialog>
  );
}
