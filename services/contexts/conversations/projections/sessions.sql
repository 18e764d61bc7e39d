-- Sessions and their rounds: the reads behind /conversations.

-- name: read_session
SELECT s.*
FROM conversation_session_overview AS s
WHERE s.id = %(session_id)s AND s.user_id = %(user_id)s;

-- name: list_sessions
-- By the status that is shown: an active session with an open command is PROCESSING.
SELECT s.*
FROM conversation_session_overview AS s
WHERE
    s.user_id = %(user_id)s
    AND s.scope_type = coalesce(%(scope_type)s::text, s.scope_type)
    AND (%(scope_id)s::text IS NULL OR s.scope_id = %(scope_id)s)
    AND s.shown_status = coalesce(%(status)s::text, s.shown_status)
ORDER BY s.updated_at DESC, s.id
LIMIT %(limit)s OFFSET %(offset)s;

-- name: count_sessions
SELECT count(*) AS total
FROM conversation_session_overview AS s
WHERE
    s.user_id = %(user_id)s
    AND s.scope_type = coalesce(%(scope_type)s::text, s.scope_type)
    AND (%(scope_id)s::text IS NULL OR s.scope_id = %(scope_id)s)
    AND s.shown_status = coalesce(%(status)s::text, s.shown_status);

-- name: read_first_rounds
SELECT * FROM conversation_rounds
WHERE session_id = %(session_id)s AND user_id = %(user_id)s
ORDER BY sequence_number
LIMIT 201;

-- name: read_round
SELECT * FROM conversation_rounds
WHERE session_id = %(session_id)s AND round_path = %(round_path)s AND user_id = %(user_id)s;

-- name: list_rounds
-- Strictly behind the cursor's round in the chosen direction; one row more than asked tells whether there is more.
SELECT * FROM conversation_rounds AS r
WHERE
    r.session_id = %(session_id)s
    AND r.user_id = %(user_id)s
    AND (%(role)s::text IS NULL OR r.role = %(role)s)
    AND (
        %(after)s::text IS NULL
        OR (%(descending)s AND r.sequence_number < (
            SELECT c.sequence_number FROM conversation_rounds AS c
            WHERE c.session_id = %(session_id)s AND c.round_path = %(after)s
        ))
        OR (NOT %(descending)s AND r.sequence_number > (
            SELECT c.sequence_number FROM conversation_rounds AS c
            WHERE c.session_id = %(session_id)s AND c.round_path = %(after)s
        ))
    )
ORDER BY
    CASE WHEN %(descending)s THEN -r.sequence_number ELSE r.sequence_number END
LIMIT %(limit)s + 1;

-- name: find_cursor
SELECT sequence_number FROM conversation_rounds
WHERE session_id = %(session_id)s AND round_path = %(after)s AND user_id = %(user_id)s;
