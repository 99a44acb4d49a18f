// Work: the queue of tickets, and a ticket open with its draft and sources.
//
// spans.ts is the draft as text with its citations; desk.ts what happens behind
// a ticket (drafting, editing, presence); state.ts what its panes share.
import type { PageProps } from "../../pages";
import { Queue } from "./queue";
import { Ticket } from "./ticket";

export default function Work({ rest }: PageProps) {
  const id = rest[0];
  return id ? <Ticket key={id} id={id} /> : <Queue />;
}
