"""The catalogue of metrics: every series the processes expose, with kind, unit and meaning."""

from prometheus_client import Counter, Gauge, Histogram

_LATENCY_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)

COMMANDS_TOTAL = Counter(
    "studio_commands_total",
    "Commands by type and outcome: accepted, replayed, or the refusal's code.",
    ["type", "outcome"],
)
COMMAND_SECONDS = Histogram(
    "studio_command_seconds", "From a parsed command to its answer, seconds.", buckets=_LATENCY_BUCKETS
)
COMMAND_BATCH_SIZE = Histogram(
    "studio_command_batch_size", "Commands that shared one transaction.", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256)
)
COMMAND_BATCH_RETRIES_TOTAL = Counter(
    "studio_command_batch_retries_total", "Batches decided again after a clash or a lost connection."
)
COMMAND_BATCHES_OVERTAKEN_TOTAL = Counter(
    "studio_command_batches_overtaken_total",
    "Batches decided again under the append lock, because what they were decided on had changed.",
)
LOGINS_TOTAL = Counter("studio_logins_total", "Logins by outcome: succeeded, failed, inactive.", ["outcome"])
OUTBOX_SENT_TOTAL = Counter("studio_outbox_sent_total", "Outbox rows acknowledged by the broker.")
OUTBOX_OLDEST_SECONDS = Gauge(
    "studio_outbox_oldest_seconds", "Age of the oldest unsent outbox row of any lane, seconds."
)
RELAY_LANES = Gauge("studio_relay_lanes", "Lanes this relay holds the lease of.")
PARTITIONS_DROPPED_TOTAL = Counter(
    "studio_partitions_dropped_total", "Partitions dropped because nobody needs what is in them any more.", ["table"]
)
DEAD_LETTERS_TOTAL = Counter(
    "studio_dead_letters_total",
    "Poison events and unsendable messages parked, those behind them not counted.",
    ["consumer"],
)
DEAD_LETTERS_SETTLED_TOTAL = Counter(
    "studio_dead_letters_settled_total",
    "Parked events and messages by what an operator's request did to them: redriven, refused again, skipped.",
    ["consumer", "outcome"],
)
PARKED_SCOPES = Gauge(
    "studio_parked_scopes",
    "Scopes that wait for an operator behind an event or message, any but 0 is an alarm.",
    ["consumer"],
)
PROJECTED_EVENTS_TOTAL = Counter(
    "studio_projected_events_total", "Events applied to read models, by where they came from.", ["group", "source"]
)
PROJECTION_LAG_SECONDS = Gauge(
    "studio_projection_lag_seconds", "Age of the newest event applied, when it was applied, seconds.", ["group"]
)
STREAMS_OPEN = Gauge("studio_streams_open", "Event streams connected to this process.")
STREAM_FRAMES_TOTAL = Counter("studio_stream_frames_total", "Live frames handed to event streams.")
STREAMS_DROPPED_TOTAL = Counter("studio_streams_dropped_total", "Streams closed by us, by reason.", ["reason"])
QUERY_SECONDS = Histogram("studio_query_seconds", "Reads, seconds.", buckets=_LATENCY_BUCKETS)
TASKS_TOTAL = Counter("studio_tasks_total", "Attempts at tasks by type and outcome.", ["task_type", "outcome"])
TASK_SECONDS = Histogram(
    "studio_task_seconds", "One attempt at a task, seconds.", ["task_type"], buckets=_LATENCY_BUCKETS
)
TEXT_MODEL_CALLS_TOTAL = Counter(
    "studio_text_model_calls_total", "Calls of a text model by outcome: answered, cancelled, or the error.", ["outcome"]
)
TEXT_MODEL_SECONDS = Histogram(
    "studio_text_model_seconds",
    "One call of a text model with all its requests, seconds.",
    buckets=(0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0, 80.0, 100.0),
)
TEXT_MODEL_TOKENS_TOTAL = Counter(
    "studio_text_model_tokens_total", "Tokens by direction: read, written.", ["direction"]
)
