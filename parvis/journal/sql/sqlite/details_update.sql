-- tables: journal_details
DROP TRIGGER IF EXISTS {table}_details_update;
-- fin
CREATE TRIGGER {table}_details_update BEFORE UPDATE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Les détails d’un acte s’effacent, mais ne se modifient pas.');
END;
