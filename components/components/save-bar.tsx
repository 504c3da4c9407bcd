"use client";

import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { StickyBar } from "#components/ui/page.tsx";
import { ProblemAlert, type ProblemView } from "#components/ui/problem.tsx";

/** The foot of the window while something is not saved: why it was refused, what it is, discard, save. */
export function SaveBar({
  problem,
  save,
  saving,
  reason,
  onSave,
  onDiscard,
  children,
}: {
  problem: ProblemView | null;
  /** The word on the button. */
  save: string;
  saving: boolean;
  /** Why it cannot be saved yet. */
  reason?: string;
  onSave: () => void;
  onDiscard: () => void;
  children: ReactNode;
}) {
  const t = useTranslations("components");
  return (
    <>
      {problem !== null && <ProblemAlert problem={problem} className="mx-4 mb-3 md:mx-6" />}
      <StickyBar
        actions={
          <>
            <Button kind="quiet" onClick={onDiscard}>
              {t("discard")}
            </Button>
            <Button
              kind="primary"
              icon={<Check aria-hidden />}
              disabled={reason !== undefined}
              reason={reason}
              loading={saving}
              onClick={onSave}
            >
              {save}
            </Button>
          </>
        }
      >
        {children}
      </StickyBar>
    </>
  );
}
