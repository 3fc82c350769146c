import { ActivityPanel } from "../orchestrator/activity.tsx";
import { ApprovalsPanel } from "../orchestrator/approvals.tsx";
import { LeadPanel } from "../orchestrator/lead.tsx";
import { ModesPanel } from "../orchestrator/modes.tsx";
import { QueuePanel } from "../orchestrator/queue.tsx";
import { TriggersPanel } from "../orchestrator/triggers.tsx";
import { state } from "../store.ts";

/** The army and its autonomy on one page. */
export function Orchestrator() {
  const of = state.value;
  if (!of) return null;
  return (
    <>
      <ApprovalsPanel of={of} />
      <div class="columns">
        <div>
          <LeadPanel of={of} />
          <QueuePanel of={of} />
        </div>
        <div>
          <ModesPanel of={of} />
          <TriggersPanel of={of} />
          <ActivityPanel />
        </div>
      </div>
    </>
  );
}
