-- Parked events as an operator looks at them, through the query API too.

SET LOCAL lock_timeout = '5s';

-- A parked event or message with what is known of it, but without its payload. `waits_behind`: the position that
-- its scope waits for, NULL for the one in front. `waiting`: how many wait behind it; a thousand stand for more.
CREATE VIEW dead_letter_overview WITH (security_invoker = TRUE) AS
SELECT
    d.consumer,
    d.position,
    e.scope_type,
    d.scope_id,
    d.lane,
    d.event_id,
    e.event_type,
    e.aggregate_type,
    e.aggregate_id,
    d.reason,
    d.attempts,
    e.created_at AS occurred_at,
    d.created_at AS parked_at,
    (
        SELECT front.position FROM dead_letters AS front
        WHERE front.consumer = d.consumer AND front.scope_id = d.scope_id AND front.position < d.position
        ORDER BY front.position
        LIMIT 1
    ) AS waits_behind,
    (
        SELECT count(*)
        FROM (
            SELECT FROM dead_letters AS behind
            WHERE behind.consumer = d.consumer AND behind.scope_id = d.scope_id AND behind.position > d.position
            LIMIT 1000
        ) AS counted
    ) AS waiting
FROM dead_letters AS d
JOIN domain_events AS e ON e.id = d.position;

GRANT SELECT ON dead_letters, dead_letter_overview TO studio_reader;
