/** What somebody sees who is not logged in. */
export function Welcome({ reason }: { reason: string }) {
  return (
    <main class="welcome">
      <img src="/assets/icon.svg" alt="" width="48" height="48" />
      <h1>Muster</h1>
      {reason && <p class="reason">{reason}</p>}
      <p>This page needs a login. In a terminal, run</p>
      <pre>muster dashboard</pre>
      <p class="faint">It prints an address that works once, within a minute. The login ends with this tab.</p>
    </main>
  );
}
