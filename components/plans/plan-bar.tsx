"use client";

import { CalendarClock, Check, Fingerprint, Rocket, Undo2, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Digest } from "#components/ui/copyable.tsx";
import { StickyBar } from "#components/ui/page.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { BlockerList, type BlockerView, useBlockerText } from "#components/ui/problem.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";
import { DecideDialog } from "./decide-dialog.tsx";
import { DeployDialog } from "./deploy-dialog.tsx";

/** Room for a thumb. */
const FINGER = "max-sm:h-10 max-sm:[&_svg]:hidden";

/** First reason of a button that is off; the others, with who can lift each, open from it. */
function Why({ verb, blockers }: { verb: string; blockers: BlockerView[] }) {
  const t = useTranslations("plans.bar");
  const { textOf } = useBlockerText();
  const [first] = blockers;
  if (first === undefined) return null;
  return (
    <Popover
      label={verb}
      align="end"
      className="w-96 px-3.5 py-2"
      trigger={
        <button
          type="button"
          className="block max-w-full truncate text-sm text-fg-2 underline-offset-2 hover:underline"
        >
          <span className="text-fg-3">{verb}</span> {textOf(first)}
          {blockers.length > 1 && (
            <span className="text-fg-3"> {t("others", { count: blockers.length - 1 })}</span>
          )}
        </button>
      }
    >
      <BlockerList blockers={blockers} />
    </Popover>
  );
}

/** Why a plan takes no more words, whoever asks: its stage is over, or it is not what would be computed any more. */
const CLOSING = ["RELEASE_NOT_BUILT", "STAGE_NOT_DEPLOYABLE", "PLAN_STALE"];

/** The one sentence of a plan that nobody decides about any more, and the way to the one that took its place. */
function Closed({ blocker, newer }: { blocker: BlockerView; newer: PlanDto["newer"] }) {
  const t = useTranslations("plans");
  const { textOf } = useBlockerText();
  return (
    <p className="max-w-full text-sm text-fg-2 sm:text-right">
      <span className="text-fg-3">{t("bar.closed")}</span> {textOf(blocker)}
      {newer !== null && (
        <>
          {" "}
          <Link
            href={`/plans/${encodeURIComponent(newer.digest)}`}
            className="whitespace-nowrap text-accent hover:underline"
          >
            {t("bar.newer")}
          </Link>
        </>
      )}
    </p>
  );
}

/** The foot of a plan: what is decided about, why not, and the decisions. */
export function PlanBar({
  plan,
  unseen,
  typeName,
}: {
  plan: PlanDto;
  unseen: number;
  typeName: string | null;
}) {
  const t = useTranslations("plans.bar");
  const [decision, setDecision] = useState<"approve" | "reject" | null>(null);
  const [when, setWhen] = useState<"now" | "later" | null>(null);
  const { approve, reject, deploy } = plan.actions;
  // A freeze ends: at a later time it may be no obstacle. The server judges the chosen time.
  const later = deploy.blockers.filter(({ code }) => code !== "FROZEN");
  const rollback = plan.kind === "rollback";
  const asks = plan.approvalRule.required > 0;
  // It is what keeps the plan from being deployed, too: said once, without what else would be missing.
  const closed = asks ? reject.blockers.find(({ code }) => CLOSING.includes(code)) : undefined;
  const decides = asks && closed === undefined;
  const ready = deploy.allowed;
  return (
    <>
      <StickyBar
        actions={
          <>
            {decides && (
              <>
                <Button
                  className={FINGER}
                  kind="danger"
                  icon={<X aria-hidden />}
                  disabled={!reject.allowed}
                  onClick={() => setDecision("reject")}
                >
                  {t("reject")}
                </Button>
                <Button
                  className={FINGER}
                  kind={approve.allowed && !ready ? "primary" : "normal"}
                  icon={<Check aria-hidden />}
                  disabled={!approve.allowed}
                  onClick={() => setDecision("approve")}
                >
                  {t("approve")}
                </Button>
              </>
            )}
            <Button
              className={FINGER}
              icon={<CalendarClock aria-hidden />}
              disabled={later.length > 0}
              onClick={() => setWhen("later")}
            >
              {t("schedule")}
            </Button>
            <Button
              className={FINGER}
              kind={ready ? "primary" : "normal"}
              icon={rollback ? <Undo2 aria-hidden /> : <Rocket aria-hidden />}
              disabled={!ready}
              onClick={() => setWhen("now")}
            >
              {t(rollback ? "rollback" : "deploy")}
            </Button>
          </>
        }
      >
        <Fingerprint aria-hidden className="text-fg-2 max-sm:hidden" />
        <div className="min-w-0">
          <div className="flex items-center gap-1.5">
            <span className="max-sm:hidden">{t("plan")}</span>
            <Digest value={plan.digest} className="font-semibold" />
          </div>
          <div className="text-sm text-fg-3 max-sm:hidden">{t("exactly")}</div>
        </div>
        <div className="ml-auto flex min-w-0 flex-col items-end sm:max-w-[min(520px,48vw)]">
          {closed === undefined ? (
            <>
              <Why verb={t(rollback ? "cannotRollback" : "cannotDeploy")} blockers={deploy.blockers} />
              {decides && <Why verb={t("cannotApprove")} blockers={approve.blockers} />}
            </>
          ) : (
            <Closed blocker={closed} newer={plan.newer} />
          )}
        </div>
      </StickyBar>
      <DecideDialog plan={plan} decision={decision} unseen={unseen} onClose={() => setDecision(null)} />
      <DeployDialog plan={plan} when={when} typeName={typeName} onClose={() => setWhen(null)} />
    </>
  );
}
