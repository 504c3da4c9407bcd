"use client";

import { useTranslations } from "next-intl";
import type { CSSProperties } from "react";
import type { ReleaseDto } from "#lib/releases/schema.ts";
import { BuildStop } from "./build-stop.tsx";
import type { Freeze } from "./freeze.ts";
import { StageStop } from "./stage-stop.tsx";

/** Build -> FAT -> STAGING -> PROD: one track, the stop that everything waits for is lit and a little wider. */
export function Line({ release, freezes }: { release: ReleaseDto; freezes: readonly Freeze[] }) {
  const t = useTranslations("releases.line");
  const [next] = release.next;
  const here = next === undefined || next.code === "STOPPED" ? undefined : (next.facts.environment ?? "");
  const widths = ["0.9fr", ...release.stages.map((stage) => (stage.environment === here ? "1.15fr" : "1fr"))];
  const style: CSSProperties & { "--stops": string } = { "--stops": widths.join(" ") };
  return (
    <section aria-label={t("label")} className="card">
      <ol className="grid md:grid-cols-(--stops) md:[&>li]:min-w-48 md:overflow-x-auto" style={style}>
        <BuildStop release={release} now={here === ""} />
        {release.stages.map((stage) => (
          <StageStop
            key={stage.environment}
            release={release}
            stage={stage}
            now={stage.environment === here}
            freezes={freezes}
          />
        ))}
      </ol>
    </section>
  );
}
