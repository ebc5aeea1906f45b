// Meshy's own MCP server, unmodified, over its standard input and output: picture in, model out.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [address, picture, model] = process.argv.slice(2);
const program = createRequire(import.meta.url).resolve("@meshy-ai/meshy-mcp-server");
const server = spawn("node", [program], {
  env: { ...process.env, MESHY_API_HOST: address },
  stdio: ["pipe", "pipe", "inherit"],
});
const waiting = new Map();
createInterface({ input: server.stdout }).on("line", (line) => {
  const reply = JSON.parse(line);
  waiting.get(reply.id)?.(reply);
});
let last = 0;

/** Sends a request; its result, or an error. */
function ask(method, params) {
  const id = ++last;
  server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
  return new Promise((resolve, reject) => {
    waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
  });
}

/** Calls a tool; what it says. */
async function tool(name, args) {
  const result = await ask("tools/call", { name, arguments: args });
  const text = result.content.map((part) => part.text).join("\n");
  if (result.isError) throw new Error(text);
  return { text, ...result.structuredContent };
}

try {
  const clientInfo = { name: "test", version: "1" };
  await ask("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
  server.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  const begun = await tool("meshy_image_to_3d", { file_path: picture, target_polycount: 2000 });
  const id = begun.task_id ?? begun.text.match(/[0-9a-z]{26}/)[0];
  const task = { task_id: id, task_type: "image-to-3d" };
  await tool("meshy_get_task_status", task);
  await tool("meshy_download_model", { ...task, format: "glb", save_to: model });
  const listed = await tool("meshy_list_tasks", { task_type: "image-to-3d" });
  if (!JSON.stringify(listed).includes(id)) throw new Error("the task is not listed");
  const analyzed = await tool("meshy_analyze_printability", { input_task_id: id });
  const print = { task_id: analyzed.task_id ?? id, task_type: "print-analyze" };
  const { text } = await tool("meshy_get_task_status", print);
  if (!/watertight \| true/.test(text)) throw new Error(`the report lacks what was found: ${text}`);
  const several = { file_paths: [picture, picture], target_polycount: 2000 };
  const sides = (await tool("meshy_multi_image_to_3d", several)).text.match(/[0-9a-z]{26}/)[0];
  const lists = { task_type: "multi-image-to-3d" };
  const multi = JSON.stringify(await tool("meshy_list_tasks", lists));
  if (!multi.includes(sides) || multi.includes(id)) throw new Error("tasks of several pictures have no list");
  await tool("meshy_remesh", { input_task_id: id, topology: "quad", target_polycount: 1000 }).then(
    () => { throw new Error("a remesh was begun"); },
    (error) => { if (!/not available here/.test(error.message)) throw error; },
  );
} finally {
  server.kill();
}
