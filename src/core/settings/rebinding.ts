import type { Permission } from "../facts.ts";
import { driverIn, levelOf, NONE } from "./bindings.ts";
import type { Settings } from "./settings.ts";

/** What settings say of a peer: a driver as a person wrote it, its level, and its program (empty = the driver's own). */
export interface Binding {
  actor: string;
  permission: Permission;
  command: string;
}

type Peer = "peerA" | "peerB";

function bindingOf(settings: Settings, role: Peer): Binding {
  const { actor } = settings.cli_profiles.roles[role];
  const { actors } = settings.agents;
  const driver = driverIn(actor);
  const own = Object.hasOwn(actors, driver) ? actors[driver as keyof typeof actors].peer.command : "";
  const command = settings.cli_profiles.commands[role].trim() || own.trim();
  return { actor, permission: levelOf(settings, role), command };
}

/**
 * What a person has changed of a peer's binding since its program was started; what they left alone stays as it was started,
 * by whatever flags (P62). Who sits nowhere cannot be started.
 */
export function rebinding(before: Settings, now: Settings, seat: string): Partial<Binding> {
  const role: Peer = seat === "PeerB" ? "peerB" : "peerA";
  const [old, present] = [bindingOf(before, role), bindingOf(now, role)];
  const isMoved = present.actor !== old.actor && present.actor !== NONE && present.actor !== "";
  return {
    ...(isMoved ? { actor: present.actor } : {}),
    ...(present.permission === old.permission ? {} : { permission: present.permission }),
    ...(present.command === old.command ? {} : { command: present.command }),
  };
}
