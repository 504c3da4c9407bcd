"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { Columns } from "#components/ui/page.tsx";
import { Person } from "#components/ui/person.tsx";
import { ProblemAlert } from "#components/ui/problem.tsx";
import { problemOf } from "#lib/http/problem-of.ts";
import { changePassword } from "#lib/users/client.ts";
import { TextField } from "./server-fields.tsx";
import { TokensCard } from "./tokens.tsx";

function PasswordCard() {
  const t = useTranslations("settings");
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => changePassword({ current, next }),
    // Every session ends with the old password, this one too: sign-in comes next and leads back here.
    onSuccess: () => window.location.assign("/login?callbackUrl=%2Fsettings"),
  });
  const problem = problemOf(error);
  const short = next !== "" && next.length < 12;
  const differs = again !== "" && again !== next;
  return (
    <Card>
      <CardHeader title={t("password.title")} />
      <CardBody>
        <form
          className="flex max-w-md flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            mutate();
          }}
        >
          <TextField kind="current" label={t("password.current")} value={current} onChange={setCurrent} />
          <TextField
            kind="secret"
            label={t("password.next")}
            hint={t("password.hint")}
            error={short ? t("password.short") : undefined}
            value={next}
            onChange={setNext}
          />
          <TextField
            kind="secret"
            label={t("password.again")}
            error={differs ? t("password.differs") : undefined}
            value={again}
            onChange={setAgain}
          />
          {problem !== null && <ProblemAlert problem={problem} />}
          <div className="flex flex-wrap items-center gap-3">
            <Button
              submit
              kind="primary"
              loading={isPending}
              disabled={current === "" || next.length < 12 || again !== next}
            >
              {t("password.change")}
            </Button>
            <span className="text-fg-3">{t("password.endsSessions")}</span>
          </div>
        </form>
      </CardBody>
    </Card>
  );
}

export type Me = {
  username: string;
  displayName: string;
  globalRoles: string[];
  projects: { key: string; name: string; roles: string[] }[];
};

/** My account: who I am here, what I may do where, password, API tokens. */
export function Profile({ me }: { me: Me }) {
  const t = useTranslations("settings");
  const roles = useTranslations("roles");
  const named = (list: string[]) => list.map((role) => (roles.has(role) ? roles(role) : role)).join(" · ");
  return (
    <Columns
      aside={
        <Card>
          <CardHeader title={t("me")} />
          <CardBody className="flex flex-col gap-3">
            <Person username={me.username} displayName={me.displayName} />
            <DescriptionList
              items={[
                { term: t("username"), detail: <span className="font-mono">{me.username}</span> },
                ...(me.globalRoles.length === 0
                  ? []
                  : [{ term: t("globalRoles"), detail: named(me.globalRoles) }]),
                ...me.projects.map((project) => ({
                  key: project.key,
                  term: project.name,
                  detail: named(project.roles),
                })),
              ]}
            />
          </CardBody>
        </Card>
      }
    >
      <TokensCard />
      <PasswordCard />
    </Columns>
  );
}
