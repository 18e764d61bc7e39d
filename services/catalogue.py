"""The list of contexts, and nothing else."""

from services.contexts.accounts.context import CONTEXT as ACCOUNTS
from services.contexts.conversations.context import CONTEXT as CONVERSATIONS
from services.contexts.genesis.context import CONTEXT as GENESIS

CONTEXTS = (ACCOUNTS, CONVERSATIONS, GENESIS)
