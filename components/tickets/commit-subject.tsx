"use client";

import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { projectQuery } from "#lib/projects/client.ts";
import { splitTickets } from "#lib/tickets/find.ts";
import { TicketLink } from "./ticket-links.tsx";

/** What a commit says of itself, with its tickets linked as the project says. */
export function CommitSubject({ project, subject }: { project: string; subject: string }) {
  const { data } = useQuery(projectQuery(project));
  const parts = splitTickets(subject, data?.ticketPatterns ?? []);
  let at = 0;
  return parts.map(({ text, ticket }) => {
    at += text.length;
    return <Fragment key={at}>{ticket ? <TicketLink ticket={ticket} /> : text}</Fragment>;
  });
}

/** A text of several lines, each with its tickets linked as the project says. */
export function CommitText({ project, text }: { project: string; text: string }) {
  let at = 0;
  return text.split("\n").map((line) => {
    at += line.length + 1;
    return (
      <Fragment key={at}>
        <CommitSubject project={project} subject={line} />
        {"\n"}
      </Fragment>
    );
  });
}
