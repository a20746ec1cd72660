-- tables: conventions_reversement
DROP TRIGGER IF EXISTS {table}_reversement_delete;
-- fin
CREATE TRIGGER {table}_reversement_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un reversement reçu ou abandonné ne change plus, et aucun ne s’efface.');
END;
