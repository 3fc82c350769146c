/** argv → the stand-in program, the daemon, or one command. Each is loaded only when it is asked for. */
const [word, ...rest] = process.argv.slice(2);
if (word === "standin") {
  const { runStandin } = await import("./drivers/standin/program.ts");
  await runStandin(rest);
}

export {};
