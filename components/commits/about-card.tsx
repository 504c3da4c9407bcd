import { useTranslations } from "next-intl";
import { CommitText } from "#components/tickets/commit-subject.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { Person } from "#components/ui/person.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { CommitDetailDto } from "#lib/commits/schema.ts";
import { CommitLink } from "./commit-link.tsx";

/** What a commit says of itself besides its subject: the rest of its message, who wrote and who committed it, parents. */
export function AboutCard({
  project,
  component,
  commit,
}: {
  project: string;
  component: string;
  commit: CommitDetailDto;
}) {
  const t = useTranslations("commits");
  const { parents } = commit;
  return (
    <Card>
      <CardHeader title={t("about")} />
      {commit.body !== "" && (
        <section
          aria-label={t("message")}
          className="max-h-96 overflow-auto border-b border-line px-3.5 py-3 break-words whitespace-pre-wrap [unicode-bidi:isolate]"
        >
          <CommitText project={project} text={commit.body} />
          {commit.bodyCut && <span className="mt-2 block text-sm text-fg-3">{t("messageCut")}</span>}
        </section>
      )}
      <CardBody>
        <DescriptionList
          items={[
            {
              term: t("author"),
              detail: <Who name={commit.authorName} email={commit.authorEmail} at={commit.authoredAt} />,
            },
            {
              term: t("committer"),
              detail: (
                <Who name={commit.committerName} email={commit.committerEmail} at={commit.committedAt} />
              ),
            },
            {
              term: t("parents"),
              detail:
                parents.length === 0 ? (
                  <span className="text-fg-3">{t("noParents")}</span>
                ) : (
                  <span className="flex flex-wrap gap-x-3 gap-y-0.5">
                    {parents.map((parent) => (
                      <CommitLink key={parent} project={project} component={component} commit={parent} />
                    ))}
                  </span>
                ),
            },
          ]}
        />
      </CardBody>
    </Card>
  );
}

function Who({ name, email, at }: { name: string; email: string; at: string }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <Person username={name} />
      <span className="text-sm break-all text-fg-3">{email}</span>
      <span className="text-fg-2">
        <ExactTime at={at} style="full" />
      </span>
    </span>
  );
}
