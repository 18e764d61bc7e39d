"""Writing patterns so that they can be read."""


def either(alternatives: str) -> str:
    """Return a group of the alternatives, which are separated by blanks; an underscore stands for a blank in one."""
    return "(?:" + "|".join(part.replace("_", r"\s+") for part in alternatives.split()) + ")"
