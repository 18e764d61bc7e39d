/** The package against running APIs: pytest starts them, and says in a file what is to be sent and read. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  buildGenesisCommandPayload,
  commandSchemas,
  eventSchemas,
  getCommandTypeByStage,
  getCommandTypeDisplayName,
  GenesisCommandType,
  GenesisStage,
  isEvent,
  isEventType,
  isNovelStatus,
  isCommand,
  isCommandType,
  isGenesisFlowCreated,
  ScopeType,
  type CommandRequest,
  type CreateSessionRequest,
  type Frame,
  type RoundQueryParams,
  type Sent,
} from "../src/index.js";
import * as commandApi from "../src/command-api/index.js";
import { client as commandClient } from "../src/command-api/client.gen.js";
import * as queryApi from "../src/query-api/index.js";
import { client as queryClient } from "../src/query-api/client.gen.js";
import { zNovelResponse } from "../src/query-api/zod.gen.js";

interface Call {
  readonly operation: string;
  readonly type: string;
  readonly options: object;
}

interface Cases {
  readonly command_url: string;
  readonly query_url: string;
  readonly token: string;
  readonly novel_id: string;
  readonly session_id: string;
  readonly calls: readonly Call[];
  readonly sent: readonly Sent[];
  readonly frames: readonly Frame[];
  readonly event_ids: readonly string[];
}

interface Answered {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response?: Response;
}

const cases = JSON.parse(readFileSync(process.env["CONTRACTS_CASES"] ?? "", "utf8")) as Cases;
const headers = { Authorization: `Bearer ${cases.token}` };
commandClient.setConfig({ baseUrl: cases.command_url, headers });
queryClient.setConfig({ baseUrl: cases.query_url, headers });

const statusOf = (answer: Answered): number => {
  // Without a response the client itself has refused what was sent, or what came back.
  assert.ok(answer.response, String(answer.error));
  return answer.response.status;
};

test("every command is understood by its schema, and nothing of it is lost", () => {
  for (const sent of cases.sent) {
    assert.ok(isCommandType(sent.type), sent.type);
    assert.ok(isCommand(sent, sent.type), sent.type);
    assert.partialDeepStrictEqual(commandSchemas[sent.type].parse(sent), sent);
  }
});

test("every command is taken by the running API, and its answer is as declared", async (t) => {
  const calls = commandApi as unknown as Record<string, (options: object) => Promise<Answered>>;
  for (const { operation, type, options } of cases.calls) {
    await t.test(`${operation} ${type}`, async () => {
      const call = calls[operation];
      assert.ok(call, operation);
      const answer = await call(options);
      // A state may refuse it; a command that is not understood would be 400 or 422.
      assert.ok([200, 201, 202, 204, 409].includes(statusOf(answer)), JSON.stringify(answer.error));
    });
  }
});

test("every event is known, and nothing of it is lost", () => {
  for (const frame of cases.frames) {
    assert.ok(isEventType(frame.event_type), frame.event_type);
    assert.ok(isEvent(frame, frame.event_type), frame.event_type);
    assert.deepStrictEqual(eventSchemas[frame.event_type].parse(frame.payload), frame.payload);
  }
});

test("every event is read from the running API as declared", async () => {
  for (const event_id of cases.event_ids) {
    const answer = await queryApi.getEventsByEventId({ path: { event_id } });
    assert.equal(statusOf(answer), 200);
  }
});

test("a guard tells the type, and refuses what only looks like it", () => {
  const frame = cases.frames.find((one) => one.event_type === "Genesis.Flow.Created");
  assert.ok(frame);
  assert.ok(isGenesisFlowCreated(frame));
  const flowId: string = frame.payload.flow_id;
  assert.ok(flowId);
  assert.equal(isGenesisFlowCreated({ ...frame, event_type: "Genesis.Flow.Paused" }), false);
  assert.equal(isGenesisFlowCreated({ ...frame, payload: {} }), false);
});

test("what a later version sends is passed on, not stumbled over", async () => {
  const { data } = await queryApi.getNovelsByNovelId({ path: { novel_id: cases.novel_id }, throwOnError: true });
  const later = { ...data, status: "PRINTED", subtitle: "new" };
  assert.equal(zNovelResponse.parse(later).status, "PRINTED");
  assert.equal(isNovelStatus("PRINTED"), false);
  assert.equal(isNovelStatus(data.status), true);
  assert.equal(isEventType("Novel.Printed"), false);
});

test("every stage has its command", () => {
  assert.equal(getCommandTypeByStage(GenesisStage.CHARACTERS), GenesisCommandType.CHARACTER_REQUEST);
  for (const stage of Object.values(GenesisStage)) {
    assert.ok(getCommandTypeByStage(stage));
  }
});

test("every command has a name on the screen, and a body that its schema takes", () => {
  for (const type of Object.values(GenesisCommandType)) {
    assert.notEqual(getCommandTypeDisplayName(type), type);
    assert.notEqual(getCommandTypeDisplayName(type, "en"), getCommandTypeDisplayName(type));
  }
  assert.equal(getCommandTypeDisplayName("Command.Genesis.Session.Print"), "Command.Genesis.Session.Print");
  const body = buildGenesisCommandPayload(GenesisCommandType.CONCEPT_CONFIRM, { concept_id: "c1" });
  assert.ok(isCommand(body, GenesisCommandType.CONCEPT_CONFIRM));
});

test("the calls of the design work as they are written", async () => {
  const session: CreateSessionRequest = {
    scope_type: ScopeType.GENESIS,
    scope_id: cases.novel_id,
    initial_state: { user_preferences: { genre: "科幻", length: "long" } },
  };
  const made = await commandApi.postConversationsSessions({ body: session });
  assert.equal(statusOf(made), 201);
  const request: CommandRequest = {
    type: GenesisCommandType.SEED_REQUEST,
    payload: { requirements: { role: "hero", traits: ["brave"] } },
  };
  const asked = await commandApi.postConversationsSessionsBySessionIdCommands({
    path: { session_id: cases.session_id },
    body: request,
  });
  assert.ok([202, 409].includes(statusOf(asked)), JSON.stringify(asked.error));
  const query: RoundQueryParams = { after: "1", limit: 50, order: "asc", role: "user" };
  const rounds = await queryApi.getConversationsSessionsBySessionIdRounds({
    path: { session_id: cases.session_id },
    query,
  });
  assert.equal(statusOf(rounds), 200);
});
