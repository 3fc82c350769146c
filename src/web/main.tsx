import "@xterm/xterm/css/xterm.css";
import "./style/base.css";
import "./style/forms.css";
import "./style/frame.css";
import "./style/rail.css";
import "./style/agents.css";
import "./style/desk.css";
import "./style/feed.css";
import "./style/team.css";
import "./style/plan.css";
import "./style/sheets.css";
import "./style/views.css";
import "./style/home.css";
import "./style/timeline.css";
import "./style/records.css";
import "./style/narrow.css";
import { render } from "preact";
import { readAddress } from "./choice.ts";
import { listen } from "./keys.ts";
import { login } from "./login.ts";
import { Page } from "./page.tsx";
import { hearClicks } from "./push/clicks.ts";
import { follow, logOut, now } from "./store.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
listen();
hearClicks();
setInterval(() => {
  now.value = Date.now();
}, 1000);

addEventListener("popstate", readAddress);

// An address that is pasted into an open tab changes its fragment only.
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#code=")) location.reload();
  else readAddress();
});

const reason = await login();
if (reason === null) void follow(new AbortController().signal);
else logOut(reason);
render(<Page />, document.body);
