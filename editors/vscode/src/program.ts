// Where the program is. Nothing here knows VS Code, so that tests can call it.

import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";

/** What tells where to look. */
export interface Surroundings {
  /** The first folder of the workspace. */
  folder: string | undefined;
  home: string;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
}

/** The absolute path of the program that `setting` names; none where there is no such program. */
export async function findProgram(setting: string, around: Surroundings): Promise<string | undefined> {
  const name = setting.trim();
  if (name === "") {
    return undefined;
  }
  for (const folder of folders(name, around)) {
    for (const ending of endings(name, around)) {
      const file = path.resolve(folder, withoutTilde(name, around.home) + ending);
      if (await isProgram(file, around.platform)) {
        return file;
      }
    }
  }
  return undefined;
}

/** Where a name is looked for: a path where it stands, a bare name on the PATH. */
function folders(name: string, { folder, env, platform }: Surroundings): string[] {
  const isPath = name.includes("/") || (platform === "win32" && name.includes("\\"));
  if (isPath) {
    // Without a folder, only what is absolute means something.
    return folder !== undefined ? [folder] : path.isAbsolute(name) || name.startsWith("~/") ? ["/"] : [];
  }
  const listed = (variable(env, "PATH") ?? "").split(platform === "win32" ? ";" : ":");
  // A relative entry would be a folder of whoever wrote the workspace.
  return listed.filter((entry) => path.isAbsolute(entry));
}

/** What may follow the name: on Windows, programs are named without their endings. */
function endings(name: string, { env, platform }: Surroundings): string[] {
  if (platform !== "win32" || path.extname(name) !== "") {
    return [""];
  }
  // Not .bat and .cmd: these are no programs that can be started without a shell.
  const started = (variable(env, "PATHEXT") ?? ".EXE;.COM").toLowerCase().split(";");
  return started.filter((ending) => ending === ".exe" || ending === ".com");
}

/** A variable of the environment, whose name Windows may write in other letters. */
function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const key = Object.keys(env).find((key) => key === name) ?? Object.keys(env).find((key) => key.toUpperCase() === name);
  return key === undefined ? undefined : env[key];
}

function withoutTilde(name: string, home: string): string {
  return name.startsWith("~/") ? path.join(home, name.slice(2)) : name;
}

async function isProgram(file: string, platform: NodeJS.Platform): Promise<boolean> {
  try {
    await access(file, platform === "win32" ? constants.F_OK : constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
