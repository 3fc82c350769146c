/** argv → the stand-in program, the daemon, or one command. Each is loaded only when it is asked for. */
async function main(): Promise<number | undefined> {
  const [word, ...rest] = process.argv.slice(2);
  if (word === "standin") {
    const { runStandin } = await import("./drivers/standin/program.ts");
    await runStandin(rest);
    return undefined;
  }
  if (word === "daemon") {
    const { runDaemon } = await import("./daemon/main.ts");
    return runDaemon(rest, process.env);
  }
  const { runCli } = await import("./cli/cli.ts");
  return runCli(process.argv.slice(2), process.env);
}

const code = await main();
if (code !== undefined) process.exit(code);

export {};
