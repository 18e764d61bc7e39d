"""The query API: read models over HTTP, and the event stream."""

from services.catalogue import CONTEXTS
from services.query_api.resources import QueryApiSettings, run_query_api
from services.runtime.settings import read_settings


def main() -> None:
    """Runs the process."""
    run_query_api(read_settings(QueryApiSettings), CONTEXTS)


if __name__ == "__main__":
    main()
