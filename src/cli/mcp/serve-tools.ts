import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Command } from 'commander';
import { assert } from '../../util/assert.js';
import { exitCodes } from '../exit-code.js';
import { confined } from '../files/confined.js';
import type { Host } from '../files/host.js';
import type { RunCommandLine } from '../program/runtime.js';
import { answerOf } from './answer.js';
import { commandLine, inputSchema } from './inputs.js';
import { outputSchema } from './output-schema.js';
import { type Tool, tools } from './tools.js';

const instructions =
  'Ambit compiles security and traffic intents into Istio YAML, and proves what a mesh does. These tools read the ' +
  'project in the working directory, and nothing outside it; none of them writes.';

/** Serves the tools on stdin and stdout until stdin ends. */
export async function serveTools(host: Host, program: Command, run: RunCommandLine): Promise<void> {
  const { input, output } = host.conversation();
  const ended = new Promise((resolve) => input.once('end', resolve).once('close', resolve));
  const server = new Server(
    { name: 'ambit', version: host.version },
    { capabilities: { tools: {} }, instructions, jsonSchemaValidator: unused },
  );
  const readOnly = confined(host, [host.workingDirectory]);
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map((tool) => ({
      name: tool.name,
      title: tool.title,
      description: tool.description,
      inputSchema: inputSchema(tool, commandOf(program, tool)),
      outputSchema: outputSchema(readOnly, tool),
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) return wrong(`there is no tool \`${params.name}\``);
    const words = commandLine(tool, commandOf(program, tool), params.arguments ?? {});
    return typeof words === 'string' ? wrong(words) : call(run, readOnly, [tool.name, ...words]);
  });
  server.onerror = (error) => host.messages.write(`${error.message}\n`);
  await server.connect(new StdioServerTransport(input, output));
  await ended;
}

async function call(run: RunCommandLine, host: Host, argv: readonly string[]): Promise<CallToolResult> {
  const answer = await answerOf(run, host, argv);
  return {
    structuredContent: { ...answer },
    content: [{ type: 'text', text: JSON.stringify(answer) }],
    isError: answer.exitCode === exitCodes.invalid,
  };
}

function wrong(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

function commandOf(program: Command, { name }: Tool): Command {
  const command = program.commands.find((each) => each.name() === name);
  assert(command !== undefined, `there is no command ${name}`);
  return command;
}

/** The SDK validates with it what clients answer to questions of a server, and this one asks none. */
const unused = {
  getValidator: () => () => ({ valid: false as const, data: undefined, errorMessage: 'not asked for' }),
};
