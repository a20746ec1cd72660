-- tables: programmation_mouvement
DROP TRIGGER IF EXISTS {table}_ajout_seul_delete;
-- fin
CREATE TRIGGER {table}_ajout_seul_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un mouvement ne se modifie pas et ne s’efface pas : notez le mouvement inverse.');
END;
