-- What users' calls of text models may cost and have cost.

SET LOCAL lock_timeout = '5s';

-- A call has its row before it is made. Until it is settled its `reserved` counts as spent, but for a reservation that
-- has expired: its worker died, and what the call cost is not known. Whoever reserves holds the lock of the user.
CREATE TABLE text_model_calls (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL,
    -- The first day of the calendar month, in UTC, that the call counts in; also when it ends in the next one.
    month DATE NOT NULL CHECK (month = date_trunc('month', month)::DATE),
    reserved NUMERIC NOT NULL CHECK (reserved >= 0),
    expires_at TIMESTAMPTZ NOT NULL,
    cost NUMERIC CHECK (cost >= 0),
    settled_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT text_model_calls_settled_has_time CHECK ((cost IS NULL) = (settled_at IS NULL))
);
CREATE INDEX idx_text_model_calls_user_month ON text_model_calls (user_id, month);
