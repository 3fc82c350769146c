import type { ComponentChildren } from "preact";
import { withoutFence } from "../../core/letter/form.ts";
import { isOpen, type Message, type State, type Team } from "../../core/state.ts";
import { span } from "../../core/team-status.ts";
import { preview } from "../../core/text.ts";
import { now } from "../store.ts";
import { addressName } from "../words.ts";
import { Order } from "./order.tsx";

/** Lines of a list that are drawn; `/queue`, `/locks` and git have the others. */
const DRAWN = 50;

interface ListProps {
  title: string;
  count: number;
  children: ComponentChildren;
}

/** A list with a name; nothing is said of an empty one. */
function List({ title, count, children }: ListProps) {
  if (count === 0) return null;
  return (
    <section class="block" aria-label={title}>
      <h3>
        {title} <span class="count">{count}</span>
      </h3>
      <ul>{children}</ul>
      {count > DRAWN && <p class="faint">and {count - DRAWN} more</p>}
    </section>
  );
}

function Letter({ of, team, message }: { of: State; team: Team; message: Message }) {
  const { mid, from, to, held } = message;
  const until = held?.until === undefined ? "" : `, goes on in ${span(held.until - now.value)}`;
  return (
    <li class="held">
      <span>
        <b>
          {addressName(of, from)} → {addressName(of, to)}
        </b>{" "}
        {preview(withoutFence(message.preview), 200)}
        <span class="why">
          {held?.rule}: {preview(held?.reason ?? "", 300)}
          {until}
        </span>
      </span>
      {team.stopped === undefined && <Order team={team} line={`/release ${mid}`} title="Release" isQuiet />}
    </li>
  );
}

/** Letters that a rule of the team keeps back, with the reason and the way to let them go. */
export function HeldLetters({ of, team }: { of: State; team: Team }) {
  const held = Object.values(of.messages).filter(
    (message) => message.team === team.name && message.held !== undefined && isOpen(message),
  );
  return (
    <List title="Held letters" count={held.length}>
      {held.slice(0, DRAWN).map((message) => (
        <Letter key={message.mid} of={of} team={team} message={message} />
      ))}
    </List>
  );
}

/** Files that members say they work on. */
export function Locks({ of, team }: { of: State; team: Team }) {
  const locks = team.locks.filter(({ until }) => until > now.value);
  return (
    <List title="Locks" count={locks.length}>
      {locks.slice(0, DRAWN).map(({ agent, mid, files, until }) => (
        <li key={`${agent} ${mid}`}>
          <b>{addressName(of, agent)}</b> <code>{preview(files.join(" "), 300)}</code>{" "}
          <span class="faint">another {span(until - now.value)}</span>
        </li>
      ))}
    </List>
  );
}

/** Changes in the tree that came through no patch. */
export function Unqueued({ of, team }: { of: State; team: Team }) {
  const changes = team.tree?.unqueued ?? [];
  return (
    <List title="Changed without a patch" count={changes.length}>
      {changes.slice(0, DRAWN).map(({ path, agent }) => (
        <li key={path}>
          <code>{preview(path, 300)}</code> {agent && <span class="faint">{addressName(of, agent)}</span>}
        </li>
      ))}
    </List>
  );
}
