import { readdirSync } from "node:fs";
import { faultPoints } from "../../src/daemon/fault.ts";
import { claimsOf } from "../../src/mailbox/folders.ts";
import { A, openTeam, when } from "./team.ts";

/** Takes letters until `count` of PeerA's are in the log and no claim is left: `bun letters-main.ts ROOT REPO COUNT`. */
const [root = "", repo = "", count = "0"] = process.argv.slice(2);
const points = faultPoints(process.env);
const team = await openTeam(root, repo, points);
const isEmpty = () => readdirSync(claimsOf(repo)).length === 0;
const sent = () => team.log.read(0, 100_000).filter((event) => event.type === "message.queued" && event.from === A);
const stop = team.start();
await when(team.engine, () => sent().length >= Number(count));
// The last claim goes after its fact; a sweep finds those whose fact an earlier life wrote.
while (!isEmpty()) await Bun.sleep(5);
await stop();
