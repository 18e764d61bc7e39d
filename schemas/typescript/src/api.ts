/** Requests and answers by the names that a screen knows them by, and the enumerations again. */
export * from "./enums.gen.js";
export type {
  CommandAcceptedResponse,
  CreateRoundPayload as RoundCreateRequest,
  CreateSessionPayload as CreateSessionRequest,
  UpdateSessionPayload as UpdateSessionRequest,
} from "./command-api/types.gen.js";
export type {
  CommandStatusResponse,
  FlowResponse,
  GenesisProcessResponse,
  GenesisStateResponse,
  NovelResponse,
  Problem,
  RoundResponse,
  SessionResponse,
  StageResponse,
  StageSettingsResponse,
} from "./query-api/types.gen.js";
import type { PostConversationsSessionsBySessionIdCommandsData } from "./command-api/types.gen.js";
import type { GetConversationsSessionsBySessionIdRoundsData, GetConversationsSessionsData } from "./query-api/types.gen.js";

export type CommandRequest = PostConversationsSessionsBySessionIdCommandsData["body"];
export type SessionListParams = NonNullable<GetConversationsSessionsData["query"]>;
export type RoundQueryParams = NonNullable<GetConversationsSessionsBySessionIdRoundsData["query"]>;
