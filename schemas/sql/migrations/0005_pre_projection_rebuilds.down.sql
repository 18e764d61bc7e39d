-- Undoes 0005. Tables that a rebuild has set aside (rebuild_<id>, retired_<id>) stay where they are.
DROP VIEW left_out_events;
DROP TABLE
    given_up_events, projection_rebuild_left_out, projection_rebuild_slices, projection_rebuild_lanes, projection_rebuilds;
