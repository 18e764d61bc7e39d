-- What a batch of commands was decided on is checked again in the transaction that writes it.

SET LOCAL lock_timeout = '5s';

CREATE FUNCTION refuse_when_v1(has_changed BOOLEAN) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    IF has_changed THEN
        RAISE EXCEPTION 'what was decided on has changed' USING ERRCODE = 'ST002';
    END IF;
END $$;
