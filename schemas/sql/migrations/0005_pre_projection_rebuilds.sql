-- Rebuilding read models beside live traffic: what is being built anew, how far it is, what it leaves out.
-- The tables themselves are built in the schema `rebuild_<id>`, and those they replace are kept in `retired_<id>`.

SET LOCAL lock_timeout = '5s';

-- FILLING → FOLLOWING → SETTLING → SWAPPED → DROPPED, or back to what there was: SWAPPED → UNDOING → UNDONE.
-- Before the swap: FILLING, FOLLOWING → CANCELLED.
CREATE TABLE projection_rebuilds (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    projection_group TEXT NOT NULL,
    projections TEXT[] NOT NULL,
    tables TEXT[] NOT NULL,
    state TEXT NOT NULL DEFAULT 'FILLING',
    stop_asked BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT projection_rebuilds_pkey PRIMARY KEY (id),
    CONSTRAINT projection_rebuilds_has_tables CHECK (cardinality(projections) > 0 AND cardinality(tables) > 0),
    CONSTRAINT projection_rebuilds_state_known CHECK (state IN (
        'FILLING', 'FOLLOWING', 'SETTLING', 'SWAPPED', 'DROPPED', 'UNDOING', 'UNDONE', 'CANCELLED'
    ))
);
COMMENT ON TABLE projection_rebuilds IS 'Every rebuild of read models there has been';
COMMENT ON COLUMN projection_rebuilds.stop_asked IS 'Whoever runs the rebuild is to stop at the next good moment';
-- One at a time: the tables of the last one are dropped, or back in their place, before the next begins.
CREATE UNIQUE INDEX ux_projection_rebuilds_one_open ON projection_rebuilds ((TRUE))
    WHERE state NOT IN ('DROPPED', 'UNDONE', 'CANCELLED');
CREATE TRIGGER projection_rebuilds_touch BEFORE UPDATE ON projection_rebuilds
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE projection_rebuild_lanes (
    rebuild_id BIGINT NOT NULL,
    lane SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT projection_rebuild_lanes_pkey PRIMARY KEY (rebuild_id, lane),
    CONSTRAINT projection_rebuild_lanes_rebuild_fkey
        FOREIGN KEY (rebuild_id) REFERENCES projection_rebuilds ON DELETE CASCADE,
    CONSTRAINT projection_rebuild_lanes_lane_known CHECK (lane BETWEEN 0 AND 63),
    CONSTRAINT projection_rebuild_lanes_position_not_negative CHECK (position >= 0)
);
COMMENT ON TABLE projection_rebuild_lanes IS
    'How far the tables that are not live are: everything of the lane up to the position, but for what is left out';

CREATE TABLE projection_rebuild_slices (
    rebuild_id BIGINT NOT NULL,
    slice INT NOT NULL,
    after_scope TEXT,
    through_scope TEXT,
    events BIGINT NOT NULL,
    filled_at TIMESTAMPTZ,
    failure TEXT,
    CONSTRAINT projection_rebuild_slices_pkey PRIMARY KEY (rebuild_id, slice),
    CONSTRAINT projection_rebuild_slices_rebuild_fkey
        FOREIGN KEY (rebuild_id) REFERENCES projection_rebuilds ON DELETE CASCADE,
    CONSTRAINT projection_rebuild_slices_events_not_negative CHECK (events >= 0),
    CONSTRAINT projection_rebuild_slices_filled_or_failed CHECK (filled_at IS NULL OR failure IS NULL)
);
COMMENT ON TABLE projection_rebuild_slices IS 'The scopes after after_scope and up to through_scope; NULL has no end';
COMMENT ON COLUMN projection_rebuild_slices.filled_at IS 'Set in the transaction that writes the rows of the slice';
COMMENT ON COLUMN projection_rebuild_slices.failure IS 'Why the slice could not be filled';

-- What an operator has given up is gone from dead_letters; a rebuild has to know it all the same.
CREATE TABLE given_up_events (
    consumer TEXT NOT NULL,
    position BIGINT NOT NULL,
    given_up_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT given_up_events_pkey PRIMARY KEY (consumer, position)
);
COMMENT ON TABLE given_up_events IS 'Parked events that a consumer is never to apply';

CREATE VIEW left_out_events AS
SELECT consumer, position FROM dead_letters
UNION ALL
SELECT consumer, position FROM given_up_events;
COMMENT ON VIEW left_out_events IS 'Events at or below a checkpoint that its read models do not show, now';

CREATE TABLE projection_rebuild_left_out (
    rebuild_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT projection_rebuild_left_out_pkey PRIMARY KEY (rebuild_id, position),
    CONSTRAINT projection_rebuild_left_out_rebuild_fkey
        FOREIGN KEY (rebuild_id) REFERENCES projection_rebuilds ON DELETE CASCADE
);
COMMENT ON TABLE projection_rebuild_left_out IS
    'Events that the tables that are not live leave out, because the live ones did too';
