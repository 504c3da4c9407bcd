"use client";

import { type ReactNode, useRef, useState } from "react";
import type { ReleaseDto, StageDto } from "#lib/releases/schema.ts";
import type { Freeze } from "./freeze.ts";
import { type Ask, type AskKind, askOf } from "./stage-ask.ts";
import { StageDialog } from "./stage-dialog.tsx";
import { VerdictDialog } from "./verdict-dialog.tsx";

/**
 * The dialog of whatever is asked about a stage. It stays while the stage moves under it: then it says so. What is done
 * takes its button along, so that the place where it stood gets the focus.
 */
export function StageQuestions({
  release,
  stage,
  freezes,
  children,
}: {
  release: ReleaseDto;
  stage: StageDto;
  freezes: readonly Freeze[];
  children: (ask: (kind: AskKind) => void) => ReactNode;
}) {
  const [asked, setAsked] = useState<Ask | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const onClose = (done: boolean) => {
    setAsked(null);
    if (done) requestAnimationFrame(() => place.current?.focus());
  };
  const common = { release, stage, onClose };
  return (
    <div ref={place} tabIndex={-1} className="flex min-w-0 flex-wrap items-center gap-2 outline-none">
      {children((kind) => setAsked(askOf(kind, stage)))}
      {asked?.kind === "verdict" && <VerdictDialog {...common} ask={asked} />}
      {asked !== null && asked.kind !== "verdict" && (
        <StageDialog {...common} ask={asked} kind={asked.kind} freezes={freezes} />
      )}
    </div>
  );
}
