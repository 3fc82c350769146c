import { useEffect } from "preact/hooks";
import type { Device } from "../../core/push/push-state.ts";
import { now, state } from "../store.ts";
import { clock, day, duration } from "../words.ts";
import { isBusy, look, own, remove, type Standing, standing, test, turnOn } from "./device.ts";

/** What a person can do about it, where a button cannot. */
const WORDS: Record<Standing, string> = {
  on: "On. This device is notified when something needs you or went wrong, also while the page is closed.",
  off: "Off. This device can be notified when something needs you or went wrong, also while the page is closed.",
  blocked:
    "This browser blocks notifications of this page. Allow them in its settings for this site (the sign left of the address), then load the page again.",
  insecure:
    "Not possible here: browsers notify only for pages that come by https, or from this machine as 127.0.0.1 or localhost. Open the page through a tunnel with https.",
  unable:
    "Not possible here: this browser has no web push, or this is a private window. On an iPhone or iPad add the page to the home screen first, and open it from there (iOS 16.4 or later).",
};

function Ways({ is }: { is: Standing }) {
  if (is === "on")
    return (
      <p class="ways">
        <button type="button" disabled={isBusy.value} onClick={() => void test(own.value)}>
          Send a test
        </button>
        <button type="button" class="quiet" disabled={isBusy.value} onClick={() => void remove(own.value)}>
          Notify this device no more
        </button>
      </p>
    );
  if (is !== "off") return null;
  return (
    <p class="ways">
      <button type="button" disabled={isBusy.value} onClick={() => void turnOn()}>
        Notify this device
      </button>
    </p>
  );
}

function lastWords({ last }: Device): string {
  if (!last) return "not notified yet";
  return last.reason === "" ? `notified ${duration(now.value - last.at)} ago` : `not notified: ${last.reason}`;
}

function Row({ id, device }: { id: string; device: Device }) {
  return (
    <li data-step tabIndex={-1}>
      <b>{device.label}</b>
      {id === own.value && <span>this device</span>}
      <span class="faint" title={id}>
        since {day(device.addedAt)}, {clock(device.addedAt)}
      </span>
      <span class={device.last?.reason ? "grow wait" : "grow faint"}>{lastWords(device)}</span>
      <button
        type="button"
        class="quiet small"
        disabled={isBusy.value}
        aria-label={`Remove ${device.label}`}
        onClick={() => void remove(id)}
      >
        Remove
      </button>
    </li>
  );
}

/** Whether this browser is told what needs a person, and which others are. */
export function Devices() {
  useEffect(() => void look(), []);
  const devices = Object.entries(state.value?.pushes.devices ?? {});
  const is = standing();
  return (
    <section class="panel devices" aria-label="Devices">
      <h2>Devices</h2>
      <p>{WORDS[is]}</p>
      <Ways is={is} />
      {devices.length > 0 && (
        <ol class="rows" aria-label="Devices that are notified">
          {devices.map(([id, device]) => (
            <Row key={id} id={id} device={device} />
          ))}
        </ol>
      )}
    </section>
  );
}
