-- tables: conventions_conditionlevee
DROP TRIGGER IF EXISTS {table}_levee_insert;
-- fin
CREATE TRIGGER {table}_levee_insert BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR reponse_id = NEW.reponse_id)
BEGIN
    SELECT RAISE(ABORT, 'Ce qui est versé, repris ou levé ne se modifie pas et ne s’efface pas.');
END;
