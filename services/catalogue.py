"""The list of contexts, and nothing else."""

from services.contexts.conversations.context import CONTEXT as CONVERSATIONS
from services.contexts.genesis.context import CONTEXT as GENESIS

CONTEXTS = (CONVERSATIONS, GENESIS)
