"""Who is let in now: how often a caller may ask, and how many requests are in hand. `guarded_routes` asks it."""

from enum import StrEnum
from time import monotonic
from typing import Final

from starlette.types import Scope

from services.runtime.access import User
from services.runtime.client_address import ClientAddresses, counted_as
from services.runtime.in_hand import InHand
from services.runtime.rate_limits import RateLimit, Standing
from services.runtime.security_headers import Header
from services.runtime.settings import AccessSettings

_ADMISSION: Final = "studio.admission"
_STANDING: Final = "studio.standing"


class Counted(StrEnum):
    """How requests to a route count."""

    CALLER = "caller"
    """For the user, or the address when nobody is known."""
    PASSWORD = "password"  # noqa: S105  # a kind of route, not a password
    """The same, and few for the address: here passwords could be guessed, and users made by the thousand."""
    FREE = "free"
    """Not at all, nor is there any other bound: what tells whether a process is well is never kept from telling it."""


class Admission:
    """The limits of a process."""

    def __init__(self, settings: AccessSettings) -> None:
        window = settings.rate_limit_window
        self._enabled = settings.rate_limit_enabled
        self._users = RateLimit("user", settings.rate_limit_user_requests, window)
        self._addresses = RateLimit("address", settings.rate_limit_requests, window)
        self._passwords = RateLimit("password", settings.rate_limit_password_requests, window)
        self.addresses = ClientAddresses(settings.trusted_networks())
        self.in_hand = InHand(settings.requests_max)

    def attend(self, scope: Scope) -> None:
        """Makes itself known to the route that will have this request."""
        scope[_ADMISSION] = self

    def count(self, scope: Scope, user: User | None, counted: Counted) -> None:
        """Counts the request, and notes where its caller stands. Raises Rejected RATE_LIMITED."""
        if not self._enabled:
            return
        now = monotonic()
        by_address = user is None or counted is Counted.PASSWORD
        address = counted_as(self.addresses.address(scope)) if by_address else ""
        standing = self._users.take(user.id, now) if user is not None else self._addresses.take(address, now)
        if counted is Counted.PASSWORD and standing.admitted:
            standing = self._passwords.take(address, now)
        scope[_STANDING] = standing
        if not standing.admitted:
            raise standing.refusal()


def admission_of(scope: Scope) -> Admission:
    """The limits of the process that has this request."""
    admission: Admission = scope[_ADMISSION]
    return admission


def standing_headers(scope: Scope) -> list[Header]:
    """What the answer says about how often its caller may ask; nothing where nothing was counted."""
    standing: Standing | None = scope.get(_STANDING)
    return standing.headers() if standing is not None else []
