import { Fragment } from "react";
import type { Ticket } from "#lib/tickets/schema.ts";

/** A ticket's key, as a link where the project has said where its tickets are. */
export function TicketLink({ ticket }: { ticket: Ticket }) {
  if (ticket.url === null) return ticket.key;
  return (
    <a
      href={ticket.url}
      target="_blank"
      rel="noreferrer noopener"
      className="text-accent underline-offset-2 hover:underline"
    >
      {ticket.key}
    </a>
  );
}

/** Tickets beside one another. */
export function TicketLinks({ tickets }: { tickets: readonly Ticket[] }) {
  return tickets.map((ticket, index) => (
    <Fragment key={ticket.key}>
      {index > 0 && " "}
      <TicketLink ticket={ticket} />
    </Fragment>
  ));
}
