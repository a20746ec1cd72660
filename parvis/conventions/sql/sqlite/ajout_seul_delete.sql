-- tables: conventions_cloture, conventions_partdecloture, conventions_partderetrait, conventions_partdeversement
DROP TRIGGER IF EXISTS {table}_ajout_seul_delete;
-- fin
CREATE TRIGGER {table}_ajout_seul_delete BEFORE DELETE ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Ce qui est versé, repris ou levé ne se modifie pas et ne s’efface pas.');
END;
