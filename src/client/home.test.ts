import { expect, test } from "bun:test";
import { resolve } from "node:path";
import { homeAt, homeFolder } from "./home.ts";

test("a socket stays in its home unless the path is too long for the kernel", () => {
  expect(homeAt("/home/x/.muster").tmuxSocket).toBe("/home/x/.muster/tmux.sock");
  const long = `/home/${"x".repeat(120)}`;
  const { socket, tmuxSocket } = homeAt(long);
  for (const path of [socket, tmuxSocket]) expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100);
  expect(socket).toEndWith("/daemon.sock");
  expect(socket).not.toBe(homeAt(`${long}y`).socket);
});

test("a home is MUSTER_HOME, else one in the person's own folder; set to nothing is not set", () => {
  expect(homeFolder({ MUSTER_HOME: "/m/", HOME: "/h" })).toBe("/m");
  expect(homeFolder({ MUSTER_HOME: "", HOME: "/h" })).toBe("/h/.muster");
  expect(homeFolder({ HOME: "" })).toEndWith("/.muster");
  expect(homeFolder({ HOME: "" })).toStartWith("/");
  expect(homeFolder({ HOME: "" })).not.toStartWith(process.cwd());
  expect(homeFolder({ MUSTER_HOME: "here" })).toBe(`${process.cwd()}/here`);
  for (const path of ["/a/b/../c", "/a//b/", "/a/./b", "/../x", "./x/..//y", "../z"]) {
    expect(homeFolder({ MUSTER_HOME: path })).toBe(resolve(path));
  }
});
