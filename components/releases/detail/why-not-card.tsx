"use client";

import {
  CircleCheck,
  FlaskConical,
  Hammer,
  LockKeyhole,
  LogIn,
  PackageOpen,
  ShieldAlert,
  Snowflake,
  UsersRound,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { useRefusals } from "#components/policies/stage-verdict.tsx";
import { isEntered, useCopies } from "#components/policies/use-copies.ts";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { ReleaseDto } from "#lib/releases/schema.ts";
import type { Freeze } from "./freeze.ts";
import { planHref } from "./plan-href.ts";
import { useWho } from "./use-who.ts";
import { deployersThere, nextDeployment, type Reason, whyNot } from "./why-not.ts";

const ICONS: Record<Reason["code"], typeof Hammer> = {
  notBuilt: Hammer,
  previous: FlaskConical,
  notEntered: LogIn,
  held: LockKeyhole,
  frozen: Snowflake,
  images: ShieldAlert,
  copies: PackageOpen,
  approval: UsersRound,
};

/** Why the next environment can't be deployed now, everything at once, each with who can lift it. */
export function WhyNotCard({ release, freezes }: { release: ReleaseDto; freezes: readonly Freeze[] }) {
  const t = useTranslations("releases.why");
  const states = useTranslations("states");
  const who = useWho();
  const stage = nextDeployment(release);
  const refusals = useRefusals(release.number, release.state === "built");
  const copies = useCopies(release.number, stage?.environment ?? "", isEntered(stage?.state));
  if (stage === undefined) return null;
  const { environment } = stage;
  const reasons = whyNot(release, stage, freezes, { refused: refusals.get(environment) ?? 0, ...copies });
  if (reasons.length === 0) {
    return (
      <Card>
        <CardHeader title={t("titleFree", { environment })} />
        <CardBody className="flex flex-col gap-2.5">
          <p className="flex items-center gap-2 text-fg-2">
            <CircleCheck aria-hidden className="text-good" />
            {t("free", { who: who(deployersThere(stage)) })}
          </p>
          <Button href={planHref(release.number, environment)}>{t("openPlan")}</Button>
        </CardBody>
      </Card>
    );
  }
  return (
    <Card>
      <CardHeader title={t("title", { environment })} />
      <ul className="px-3.5 py-1">
        {reasons.map((reason) => {
          const Icon = ICONS[reason.code];
          const facts = { ...reason.facts };
          if (typeof facts.state === "string" && states.has(facts.state)) facts.state = states(facts.state);
          return (
            <li
              key={reason.code}
              className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2 border-t border-line py-2 first:border-0"
            >
              <Icon aria-hidden className="mt-0.5 text-bad" />
              <span className="break-words">
                {t(reason.code, facts)}
                {reason.until !== undefined && (
                  <>
                    {" "}
                    <ExactTime at={reason.until} style="minutes" />
                  </>
                )}
              </span>
              {reason.liftedBy.length > 0 && (
                <span className="col-start-2 text-fg-3 first-letter:uppercase">
                  {t(reason.alone ? "liftsItselfOr" : "liftedBy", { who: who(reason.liftedBy) })}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
