-- tables: conventions_retrait
DROP TRIGGER IF EXISTS {table}_retrait_delete;
-- fin
CREATE TRIGGER {table}_retrait_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un retrait décidé ou abandonné ne change plus, et aucun ne s’efface.');
END;
