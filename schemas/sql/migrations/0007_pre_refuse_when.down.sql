-- Undoes 0007.
DROP FUNCTION refuse_when_v1(BOOLEAN);
