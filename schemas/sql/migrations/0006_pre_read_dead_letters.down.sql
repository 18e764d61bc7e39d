-- Undoes 0006.
REVOKE ALL ON dead_letters FROM studio_reader;
DROP VIEW dead_letter_overview;
