"use client";

import { ChevronRight, Link2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Faces, Person } from "#components/ui/person.tsx";
import { StateBadge } from "#components/ui/state-badge.tsx";
import { asState } from "#components/ui/states.ts";
import { shortCommit } from "#components/ui/text.ts";
import { ExactTime } from "#components/ui/time.tsx";
import type { PlanDto } from "#lib/plans/schema.ts";

function ChainLink({
  name,
  sign,
  who,
  detail,
  last,
}: {
  name: ReactNode;
  sign?: ReactNode;
  who?: ReactNode;
  detail?: ReactNode;
  last: boolean;
}) {
  return (
    <li className="relative flex min-w-0 flex-col gap-1 border-line px-4 py-3 max-lg:border-b max-lg:last:border-0 lg:border-l lg:first:border-l-0">
      <div className="flex items-center justify-between gap-2">
        <span className="font-semibold">{name}</span>
        {sign}
      </div>
      <div className="flex min-w-0 items-center gap-1.5 text-fg-2">{who}</div>
      <div className="min-w-0 truncate text-fg-2">{detail}</div>
      {!last && (
        <ChevronRight
          aria-hidden
          className="absolute top-3.5 -right-[8px] z-10 bg-surface text-fg-3 max-lg:hidden"
        />
      )}
    </li>
  );
}

/** Who wrote it, who built it, who tested it where, on the way to this environment. */
export function ResponsibilityChain({ plan }: { plan: PlanDto }) {
  const t = useTranslations("plans.chain");
  const { responsibility: chain } = plan;
  const here = chain.stages.findIndex(({ environment }) => environment === plan.environment);
  const before = here < 0 ? chain.stages : chain.stages.slice(0, here);
  const authors = [...new Set(chain.items.flatMap(({ author }) => author ?? []))];
  const builders = [
    ...new Map(
      chain.items.flatMap(({ builtBy }) => (builtBy ? [[builtBy.username, builtBy] as const] : [])),
    ).values(),
  ];
  const [builder] = builders;
  const commits = [
    ...new Set(chain.items.flatMap(({ commit }) => (commit === null ? [] : [shortCommit(commit)]))),
  ];
  return (
    <Card>
      <CardHeader
        title={t("title")}
        hint={t("hint")}
        actions={
          <span className="inline-flex items-center gap-1.5 text-good max-sm:hidden">
            <Link2 aria-hidden />
            {t("sameDigests", { count: plan.images.length })}
          </span>
        }
      />
      <ol className="grid lg:auto-cols-fr lg:grid-flow-col">
        <ChainLink
          last={false}
          name={t("raised")}
          who={<Person {...chain.createdBy} />}
          detail={plan.title}
        />
        <ChainLink
          last={false}
          name={t("commits")}
          who={<span className="truncate">{authors.join(t("comma"))}</span>}
          detail={<span className="font-mono text-sm">{commits.join(" ")}</span>}
        />
        <ChainLink
          last={before.length === 0}
          name={t("build")}
          sign={<StateBadge state="built" text={t("built")} />}
          who={
            builder !== undefined && builders.length === 1 ? (
              <Person {...builder} />
            ) : builders.length > 0 ? (
              <Faces people={builders} />
            ) : (
              t("noBuilder")
            )
          }
          detail={t("artifacts", { count: plan.images.length })}
        />
        {before.map((stage, index) => (
          <ChainLink
            key={stage.environment}
            last={index === before.length - 1}
            name={stage.environment}
            sign={<StateBadge state={asState(stage.state)} />}
            who={
              stage.testedBy ? (
                <>
                  <Person {...stage.testedBy} />
                  {stage.verdictAt !== null && (
                    <>
                      <span className="text-fg-3">·</span>
                      <ExactTime at={stage.verdictAt} style="minutes" />
                    </>
                  )}
                </>
              ) : (
                <span className="text-fg-3">{t("notTested")}</span>
              )
            }
            detail={
              stage.comment !== null && stage.comment !== "" ? (
                <span title={stage.comment}>{t("quote", { comment: stage.comment })}</span>
              ) : null
            }
          />
        ))}
      </ol>
    </Card>
  );
}
