-- tables: conventions_versement
DROP TRIGGER IF EXISTS {table}_versement_delete;
-- fin
CREATE TRIGGER {table}_versement_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un versement ne se corrige pas et ne s’efface pas : il s’annule, une fois.');
END;
