"""The query API with the sample context, as a process of its own; bounds come as JSON in SAMPLE_LIMITS."""

import json
import os

from services.query_api.resources import QueryApiSettings, run_query_api
from services.runtime.settings import read_settings
from services.runtime.streams import StreamLimits
from tests.runtime.query_side.sample_context import SAMPLE

if __name__ == "__main__":
    limits = StreamLimits(**json.loads(os.environ.get("SAMPLE_LIMITS", "{}")))
    run_query_api(read_settings(QueryApiSettings), (SAMPLE,), limits)
