"""What other packages use: `from weerbaar.vault import api as vault`, then `vault.open(…)`."""

from weerbaar.audit.models import Purpose

from .blind import blind_index, find_by_person, index, owned_by, pseudonym
from .codes import AccessCode, TemporaryCode, new_access_code
from .compartments import ZONE_MIJN, Compartment, Team
from .content import Content, Opened
from .dossiers import digest, new, open, open_many, seal, write
from .errors import Closed, NoKey, Stale, Tampered, VaultError
from .fields import SealedBytes, SealedJSON, SealedText
from .lockboxes import Reader
from .models import Dossier
from .readers import (
    add_reader,
    end_expired_visits,
    end_visit,
    exchange,
    find_by_code,
    find_by_visit,
    give_temporary_code,
    hand_over,
    has_code,
    join_account,
    leave_account,
    own_code,
    recognise,
    remove_reader,
    shred,
    start_visit,
    start_visit_from_account,
    visit_ends_at,
)

__all__ = [
    "ZONE_MIJN",
    "AccessCode",
    "Closed",
    "Compartment",
    "Content",
    "Dossier",
    "NoKey",
    "Opened",
    "Purpose",
    "Reader",
    "SealedBytes",
    "SealedJSON",
    "SealedText",
    "Stale",
    "Tampered",
    "Team",
    "TemporaryCode",
    "VaultError",
    "add_reader",
    "blind_index",
    "digest",
    "end_expired_visits",
    "end_visit",
    "exchange",
    "find_by_code",
    "find_by_person",
    "find_by_visit",
    "give_temporary_code",
    "hand_over",
    "has_code",
    "index",
    "join_account",
    "leave_account",
    "new",
    "new_access_code",
    "open",
    "open_many",
    "own_code",
    "owned_by",
    "pseudonym",
    "recognise",
    "remove_reader",
    "seal",
    "shred",
    "start_visit",
    "start_visit_from_account",
    "visit_ends_at",
    "write",
]
