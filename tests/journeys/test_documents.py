"""Each API serves its document, the events' document, and pages that show them."""

import httpx
import pytest

from services.runtime.document_routes import ASYNCAPI_DIRECTORY, OPENAPI_DIRECTORY
from tests.kit.studio import Studio


def _urls(studio: Studio) -> dict[str, str]:
    return {"command-api": studio.command_urls[0], "query-api": studio.query_urls[0]}


@pytest.mark.parametrize("api", ["command-api", "query-api"])
def test_the_documents_are_those_that_are_published(studio: Studio, api: str) -> None:
    url = _urls(studio)[api]
    assert httpx.get(f"{url}/openapi.json").content == (OPENAPI_DIRECTORY / f"{api}.json").read_bytes()
    assert httpx.get(f"{url}/asyncapi.json").content == (ASYNCAPI_DIRECTORY / "studio.json").read_bytes()


@pytest.mark.parametrize("api", ["command-api", "query-api"])
@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/docs", "text/html"),
        ("/docs/events", "text/html"),
        ("/docs/start.js", "text/javascript"),
        ("/docs/swagger-ui-bundle.js", "text/javascript"),
        ("/docs/swagger-ui.css", "text/css"),
    ],
)
def test_the_pages_are_served_and_may_run_no_script_of_others(
    studio: Studio, api: str, path: str, media_type: str
) -> None:
    answer = httpx.get(_urls(studio)[api] + path)
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, media_type)
    assert "script-src 'self';" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["PUT", "OPTIONS"])
def test_a_method_that_is_not_there_is_told_which_are(studio: Studio, method: str) -> None:
    answer = httpx.request(method, f"{studio.command_urls[0]}/api/v1/novels/1")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, PATCH")
