-- tables: journal_details
DROP TRIGGER IF EXISTS {table}_details_insert;
-- fin
CREATE TRIGGER {table}_details_insert BEFORE INSERT ON {table}
-- REPLACE modifierait une ligne sans réveiller le déclencheur de modification.
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR evenement_id = NEW.evenement_id)
BEGIN
    SELECT RAISE(ABORT, 'Les détails d’un acte s’effacent, mais ne se modifient pas.');
END;
